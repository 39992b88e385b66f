/// A part of the LR volume that is worked through at once.
struct Block: Equatable, Sendable {
  /// LR cells along i, j, k whose output voxels this block makes: those whose lower tap lies here.
  let cells: [Range<Int>]
  /// What is computed, in which order, and what is held.
  let shape: WavefrontShape

  /// LR voxels along i whose features are needed: the cells and one voxel above.
  var columns: Range<Int> { shape.ranges[0].ranges[shape.target] }
}

// MARK: - Along one axis

extension Block {
  /// Cuts cells into `count` parts of nearly equal size.
  static func parts(_ cells: Range<Int>, count: Int) -> [Range<Int>] {
    (0..<count).map { part in
      cells.lowerBound + cells.count * part / count..<cells.lowerBound + cells.count * (part + 1)
        / count
    }
  }

  /// The voxels that cells of an axis of `size` voxels read: themselves and one above.
  static func needed(_ cells: Range<Int>, size: Int) -> Range<Int> {
    cells.lowerBound..<min(cells.upperBound + 1, size)
  }
}

/// Blocks that lie beside each other in i and j and make the same output planes.
struct BlockLayer: Equatable, Sendable {
  /// Output indices along INPUT axis k; empty if no output lies in the layer.
  var outputs: Range<Int>
  /// Those blocks that make any output, i fastest.
  var blocks: [Block]
}
