import FusedInference
import KernelInterface
import Workers

/// The voxels of a pair whose patches lie in it, in parts that workers share.
///
/// Parts, and the order of voxels in them, depend on the pair alone.
struct FilterRegions: Sendable {
  /// Rows of a part.
  static let rows = 64

  let pair: FilterPair
  let reach: Int
  private let partsPerPlane: Int

  init(_ pair: FilterPair, reach: Int) {
    self.pair = pair
    self.reach = reach
    partsPerPlane = max(0, pair.size.y - 2 * reach + Self.rows - 1) / Self.rows
  }

  /// Parts.
  var count: Int { max(0, pair.size.z - 2 * reach) * partsPerPlane }

  /// A part.
  subscript(index: Int) -> StructureTensorArguments.Region {
    let first = reach + index % partsPerPlane * Self.rows
    return StructureTensorArguments.Region(
      plane: reach + index / partsPerPlane,
      rows: first..<min(pair.size.y - reach, first + Self.rows),
      columns: reach..<max(reach, pair.size.x - reach))
  }

  /// Room for the features of a part.
  ///
  /// - Throws: If the system refuses memory.
  func scratch(
    radius: Int, wish: BucketScratch.Wish
  ) throws(FilterLearningError) -> BucketScratch {
    try FilterLearningError.ofWorkers { () throws(WorkersError) in
      try BucketScratch(rows: Self.rows, columns: pair.size.x, radius: radius, wish: wish)
    }
  }

  /// The number of a voxel with axis i slowest, counted over those whose patches lie in the pair.
  func number(_ i: Int, _ j: Int, _ k: Int) -> Int {
    let inner = pair.size &- 2 * reach
    return ((i - reach) * inner.y + j - reach) * inner.z + k - reach
  }
}
