import Workers

/// Zeroed or random floats, each allocation on a cache line, that live as long as this object.
///
/// They come one after the other from slabs of huge pages: on 4 KiB pages the decoder's weights would
/// cost misses of the address translation.
public final class WorkloadMemory {
  private static let slabFloats = 16 << 20
  private var slabs: [AlignedBuffer<Float>] = []
  private var used = 0

  /// Memory that holds nothing yet.
  public init() {}

  /// Zeros.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  func zeros(_ count: Int) throws(WorkersError) -> UnsafeMutablePointer<Float> {
    let needed = (count + 15) / 16 * 16
    if slabs.last.map({ used + needed > $0.count }) ?? true {
      slabs.append(try AlignedBuffer(count: max(needed, Self.slabFloats)))
      used = 0
    }
    guard let slab = slabs.last else { preconditionFailure("no slab for \(count) floats") }
    defer { used += needed }
    return slab.pointer + used
  }

  /// Values in [-1, 1), divided by `divisor`.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  func random(
    _ count: Int, divisor: Float = 1
  ) throws(WorkersError) -> UnsafeMutablePointer<Float> {
    let floats = try zeros(count)
    var state: UInt64 = 88_172_645_463_325_252
    for index in 0..<count {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      floats[index] = Float(Int32(truncatingIfNeeded: state >> 20)) / 2_147_483_648 / divisor
    }
    return floats
  }

  /// Elements of another type in place of so many floats.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  func elements<Element: BitwiseCopyable>(
    _ values: [Element]
  ) throws(WorkersError) -> UnsafeMutablePointer<Element> {
    let floats = (values.count * MemoryLayout<Element>.stride + 3) / 4
    let start = UnsafeMutableRawPointer(try zeros(floats))
      .bindMemory(to: Element.self, capacity: values.count)
    start.update(from: values, count: values.count)
    return start
  }
}
