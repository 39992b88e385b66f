import Foundation

/// Zeroed or random floats, each allocation on a cache line; the program never frees them.
///
/// They come one after the other from slabs of huge pages, as the engine's buffers do: on 4 KiB pages
/// the decoder's weights would cost misses of the address translation.
enum Memory {
  static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> { slabs.take(count) }

  /// Values in [-1, 1), divided by `divisor`.
  static func random(_ count: Int, divisor: Float = 1) -> UnsafeMutablePointer<Float> {
    let floats = zeros(count)
    var state: UInt64 = 88_172_645_463_325_252
    for index in 0..<count {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      floats[index] = Float(Int32(truncatingIfNeeded: state >> 20)) / 2_147_483_648 / divisor
    }
    return floats
  }

  // Only the one thread of the program allocates.
  nonisolated(unsafe) private static var slabs = Slabs()
}

private struct Slabs {
  private static let slabFloats = 16 << 20
  private var next: UnsafeMutablePointer<Float>?
  private var left = 0

  mutating func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let needed = (count + 15) / 16 * 16
    if needed > left || next == nil { addSlab(holding: needed) }
    guard let first = next else { preconditionFailure("no slab for \(count) floats") }
    next = first + needed
    left -= needed
    return first
  }

  private mutating func addSlab(holding count: Int) {
    let pageBytes = 2 << 20
    let bytes = (max(count, Slabs.slabFloats) * 4 + pageBytes - 1) / pageBytes * pageBytes
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: pageBytes)
    madvise(raw, bytes, MADV_HUGEPAGE)
    let floats = raw.bindMemory(to: Float.self, capacity: bytes / 4)
    floats.initialize(repeating: 0, count: bytes / 4)
    next = floats
    left = bytes / 4
  }
}
