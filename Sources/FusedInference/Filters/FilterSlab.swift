import Networks
import Workers

/// Neighbouring planes of a volume in memory, addressed as if all of it were there.
///
/// Planes come in order; those that are still needed are moved to the front as the slab goes on.
struct FilterSlab: Sendable {
  private let buffer: AlignedBuffer<Float>
  private let planeVoxels: Int
  private let planeCount: Int
  /// The planes that are held.
  private(set) var planes = 0..<0

  /// Elements before and behind that kernels may read.
  private static let padding = 16

  /// Planes that must be held to filter `count` planes of a volume of so many.
  static func planes(_ count: Int, reach: Int, depth: Int) -> Int {
    // One for gradients at the edge of the windows, on both sides, and one that lags for blending.
    min(depth, count + 2 * (reach + 1) + 1)
  }

  /// Makes room for `planeCount` planes.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(planeCount: Int, planeVoxels: Int) throws(WorkersError) {
    self.planeCount = planeCount
    self.planeVoxels = planeVoxels
    buffer = try AlignedBuffer(count: planeCount * planeVoxels + 2 * Self.padding)
  }

  /// Voxel (0, 0, 0) of the volume; only the planes held may be touched.
  var origin: UnsafeMutablePointer<Float> {
    buffer.pointer + Self.padding - planes.lowerBound * planeVoxels
  }

  /// Goes on to other planes; those held before and still wanted stay.
  ///
  /// - Returns: The planes that are new and hold anything.
  mutating func move(to wanted: Range<Int>) -> Range<Int> {
    precondition(
      wanted.count <= planeCount && wanted.lowerBound >= planes.lowerBound
        && wanted.upperBound >= planes.upperBound, "planes \(wanted) behind \(planes)")
    let kept = planes.clamped(to: wanted)
    if !kept.isEmpty, kept.lowerBound > planes.lowerBound {
      let start = buffer.pointer + Self.padding
      start.update(
        from: start + (kept.lowerBound - planes.lowerBound) * planeVoxels,
        count: kept.count * planeVoxels)
    }
    planes = wanted
    return (kept.isEmpty ? wanted.lowerBound : kept.upperBound)..<wanted.upperBound
  }
}
