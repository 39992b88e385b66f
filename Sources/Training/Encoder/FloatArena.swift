import KernelInterface
import Workers

/// Arrays of floats in one piece of memory: together they are large enough for huge pages, alone not.
final class FloatArena: Sendable {
  private let values: AlignedBuffer<Float>
  private let firsts: [Int]

  /// Memory for arrays of these lengths, all zero.
  init(_ lengths: [Int]) throws(WorkersError) {
    firsts = Self.firsts(lengths)
    values = try AlignedBuffer(count: firsts.last ?? 0)
  }

  /// Floats that arrays of these lengths take.
  static func count(_ lengths: [Int]) -> Int { firsts(lengths).last ?? 0 }

  private static func firsts(_ lengths: [Int]) -> [Int] {
    var firsts = [0]
    for length in lengths {
      firsts.append((firsts.last ?? 0) + FeatureLayout.paddedChannels(length))
    }
    return firsts
  }

  /// The first float of an array, on a cache line; valid while this object lives.
  func array(_ index: Int) -> UnsafeMutablePointer<Float> { values.pointer + firsts[index] }
}
