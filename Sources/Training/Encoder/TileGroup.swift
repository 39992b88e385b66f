import KernelInterface

/// Winograd tiles that one worker computes together: some rows of tiles of one slab.
///
/// Which voxels share a tile follows from the shape of the batch alone; how tiles are grouped changes
/// no result.
struct TileGroup: Sendable {
  var tileK: WinogradTile
  /// The sample whose rows are meant; nil where all samples are one axis of tiles.
  var sample: Int?
  /// Tiles along j.
  var tiles: Range<Int>

  /// Tiles that should share a pass over the filters.
  private static let fewest = 48

  /// All groups of a batch.
  static func all(_ shape: BatchShape) -> [TileGroup] {
    let axis = axisJ(shape)
    let perGroup = max(1, fewest / TileAxis(size: shape.size.x, phase: 0).count)
    let groups = (axis.count + perGroup - 1) / perGroup
    let slabs = TileAxis(size: shape.size.z, phase: 0)
    let samples: [Int?] = shape.isOneAxis ? [nil] : Array(0..<shape.samples)
    return (0..<slabs.count).flatMap { slab in
      samples.flatMap { sample in
        (0..<groups).map { group in
          TileGroup(
            tileK: slabs.tile(slab), sample: sample,
            tiles: axis.count * group / groups..<axis.count * (group + 1) / groups)
        }
      }
    }
  }

  /// The tiles along j, of a sample or of all one after the other.
  static func axisJ(_ shape: BatchShape) -> TileAxis {
    TileAxis(size: shape.isOneAxis ? shape.samples * shape.sampleRows : shape.size.y, phase: 0)
  }

  /// The rows that the tiles store, as rows of the axis.
  func rows(_ shape: BatchShape) -> Range<Int> { Self.axisJ(shape).voxels(of: tiles) }

  /// Sample and row of a row of the axis; nil for the zeros between samples.
  func place(ofRow row: Int, _ shape: BatchShape) -> (sample: Int, j: Int)? {
    if let sample { return (sample, row) }
    let (sample, j) = row.quotientAndRemainder(dividingBy: shape.sampleRows)
    return j < shape.size.y ? (sample, j) : nil
  }
}
