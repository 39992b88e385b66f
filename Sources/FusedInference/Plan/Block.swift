/// A part of the LR volume that the encoder handles at once, ranges along i, j, k.
struct Block: Equatable, Sendable {
  /// LR cells whose output voxels this block makes: those whose lower tap lies here.
  var cells: [Range<Int>]
  /// LR voxels whose features are needed: the cells and one voxel above.
  var needed: [Range<Int>]
  /// LR voxels that are encoded: the needed ones and the halo, cut at the faces of the volume.
  var box: [Range<Int>]

  init(cells: [Range<Int>], volume: SIMD3<Int>, halo: Int) {
    self.cells = cells
    needed = (0..<3).map { Self.needed(cells[$0], size: volume[$0]) }
    box = (0..<3).map { [needed] in Self.box(needed[$0], size: volume[$0], halo: halo) }
  }

  /// Voxels of the box along i, j, k.
  var boxSize: SIMD3<Int> { SIMD3(box[0].count, box[1].count, box[2].count) }
  var neededSize: SIMD3<Int> { SIMD3(needed[0].count, needed[1].count, needed[2].count) }

  /// Where the needed voxels begin inside the box.
  var neededOffset: SIMD3<Int> {
    SIMD3(
      needed[0].lowerBound - box[0].lowerBound, needed[1].lowerBound - box[1].lowerBound,
      needed[2].lowerBound - box[2].lowerBound)
  }

  /// Rows and planes of the box whose features are needed.
  var neededRegion: PlaneRegion {
    let offset = neededOffset
    return PlaneRegion(
      rows: offset.y..<offset.y + needed[1].count, planes: offset.z..<offset.z + needed[2].count)
  }
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

  /// Needed voxels and `halo` more on both sides, cut at the faces of the volume.
  static func box(_ needed: Range<Int>, size: Int, halo: Int) -> Range<Int> {
    max(0, needed.lowerBound - halo)..<min(size, needed.upperBound + halo)
  }
}

/// Blocks that lie beside each other in i and j and make the same output planes.
struct BlockLayer: Equatable, Sendable {
  /// Output indices along INPUT axis k; empty if no output lies in the layer.
  var outputs: Range<Int>
  /// Those blocks that make any output, i fastest.
  var blocks: [Block]
}
