import Synchronization

/// Atomic words that lie 128 bytes apart, so that two workers never fight for one cache line (two,
/// because prefetchers fetch lines in pairs).
struct AtomicLines: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  private let count: Int
  private static let stride = 128

  init(count: Int) {
    precondition(count >= 1, "count: \(count)")
    self.count = count
    memory = UnsafeMutableRawPointer.allocate(
      byteCount: count * Self.stride, alignment: Self.stride)
    for index in 0..<count { self[index].initialize(to: Atomic(0)) }
  }

  deinit {
    for index in 0..<count { self[index].deinitialize(count: 1) }
    memory.deallocate()
  }

  subscript(index: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    precondition(index >= 0 && index < count, "index: \(index)")
    return (memory + index * Self.stride).assumingMemoryBound(to: Atomic<UInt64>.self)
  }
}
