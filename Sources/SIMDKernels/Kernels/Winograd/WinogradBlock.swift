import KernelInterface

/// Tiles that go through the three steps together, `first` and those after it, row by row.
struct WinogradBlock {
  let axes: (i: TileAxis, j: TileAxis)
  let tilesI: Range<Int>
  let tilesJ: Range<Int>
  /// Counted along i first, then along j.
  let first: Int
  let count: Int

  @inline(__always)
  init(_ arguments: WinogradArguments, first: Int, count: Int) {
    axes = arguments.axes
    tilesI = arguments.tilesI
    tilesJ = arguments.tilesJ
    self.first = first
    self.count = count
  }

  /// The tiles along i and j of the block's tile with an index.
  @inline(__always)
  func tile(_ index: Int) -> (i: WinogradTile, j: WinogradTile) {
    let place = first + index
    let row = place / tilesI.count
    return (
      axes.i.tile(tilesI.lowerBound + place - row * tilesI.count),
      axes.j.tile(tilesJ.lowerBound + row)
    )
  }

  /// How many tiles from `index` on lie in the same row.
  @inline(__always)
  func run(from index: Int) -> Int {
    min(count - index, tilesI.count - (first + index) % tilesI.count)
  }

  /// Whether any tile is long along i, along j.
  @inline(__always)
  var hasLong: (i: Bool, j: Bool) {
    var result = (i: false, j: false)
    for index in 0..<count {
      let tile = tile(index)
      result.i = result.i || tile.i.isLong
      result.j = result.j || tile.j.isLong
    }
    return result
  }
}

extension WinogradArguments {
  /// The voxel at which rows begin.
  @inline(__always) var firstColumn: Int { axes.i.tile(tilesI.lowerBound).lower }
  /// The row that is the first of the inputs' tables.
  @inline(__always) var firstReadRow: Int { axes.j.tile(tilesJ.lowerBound).start - 1 }
  /// The row that is the first of the output's and residual's tables.
  @inline(__always) var firstRow: Int { axes.j.tile(tilesJ.lowerBound).lower }
  /// Rows that are stored, in each plane.
  @inline(__always) var rowCount: Int { axes.j.voxels(of: tilesJ).count }
}
