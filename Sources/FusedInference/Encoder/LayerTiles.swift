import KernelInterface

/// The tiles of a region of a layer's result, all in one slab of the wavefront.
struct LayerTiles: Sendable {
  let axes: (i: TileAxis, j: TileAxis)
  let tilesI: Range<Int>
  let tilesJ: Range<Int>
  let tileK: WinogradTile

  /// Finds the tiles of a region that consists of whole ones.
  init(_ region: EncoderRunner.Region, depth: Int, volume: SIMD3<Int>) {
    axes = (
      i: EncoderProgram.tiles(depth: depth, axis: 0, size: volume.x),
      j: EncoderProgram.tiles(depth: depth, axis: 1, size: volume.y)
    )
    let axisK = EncoderProgram.tiles(depth: depth, axis: 2, size: volume.z)
    tilesI = axes.i.tiles(covering: region.columns)
    tilesJ = axes.j.tiles(covering: region.rows)
    let tilesK = axisK.tiles(covering: region.planes)
    tileK = axisK.tile(tilesK.lowerBound)
    assert(tilesK.count == 1 && axisK.voxels(of: tilesK) == region.planes)
    assert(axes.i.voxels(of: tilesI) == region.columns)
    assert(axes.j.voxels(of: tilesJ) == region.rows)
  }

  /// What some rows of tiles read of the layer's operands.
  func read(_ rows: Range<Int>) -> RowBlock {
    let last = axes.j.tile(rows.upperBound - 1)
    return RowBlock(
      planes: tileK.start - 1..<tileK.start + tileK.length + 1,
      rows: axes.j.tile(rows.lowerBound).start - 1..<last.start + last.length + 1)
  }

  /// The voxels that some rows of tiles store.
  func written(_ rows: Range<Int>) -> RowBlock {
    RowBlock(planes: tileK.lower..<tileK.upper, rows: axes.j.voxels(of: rows))
  }

  // MARK: - Items

  /// Enough tiles for several of the kernel's blocks, whose inputs are fetched while the one before
  /// is multiplied.
  private static let mostTiles = 144
  /// About one of the kernel's blocks.
  private static let fewestTiles = 18
  /// Items per worker that keep all busy to the end.
  private static let itemsPerWorker = 4

  /// Rows of tiles, cut into parts that workers claim.
  struct Items {
    let tilesJ: Range<Int>
    let count: Int

    /// The rows of tiles of an item.
    func rows(_ item: Int) -> Range<Int> {
      tilesJ.lowerBound + tilesJ.count * item / count..<tilesJ.lowerBound + tilesJ.count
        * (item + 1) / count
    }
  }

  /// Cuts the rows for a number of workers; the cut changes no result.
  func items(workers: Int) -> Items {
    let tiles = tilesI.count * tilesJ.count
    let wanted = min(max(tiles / (workers * Self.itemsPerWorker), Self.fewestTiles), Self.mostTiles)
    let rows = max(1, (wanted + tilesI.count / 2) / max(tilesI.count, 1))
    return Items(tilesJ: tilesJ, count: (tilesJ.count + rows - 1) / rows)
  }
}
