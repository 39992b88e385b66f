import KernelInterface

/// Walks over rows of a block's tiles, plane by plane, in equal shares, to ask for their voxels.
///
/// A share is taken between two register tiles: requests that come in bursts are dropped.
struct WinogradFetch {
  private let block: WinogradBlock
  /// Rows and planes of a tile: 6 that it reads, or 4 that it makes.
  private let extent: Int
  private let shares: Int
  /// Rows that are due, counted in shares.
  private var due = 0
  private var index = -1
  private var plane: Int
  private var row: Int
  private var tile = WinogradFetch.none

  private static var none: (i: WinogradTile, j: WinogradTile) {
    @inline(__always)
    get {
      let tile = WinogradTile(start: 0, length: 4, lower: 0, upper: 0)
      return (tile, tile)
    }
  }

  @inline(__always)
  init(_ block: WinogradBlock, extent: Int, shares: Int) {
    self.block = block
    self.extent = extent
    self.shares = shares
    plane = extent
    row = 0
  }

  /// Makes another share due.
  @inline(__always)
  mutating func beginShare() { due += block.count * extent * extent }

  /// The next row that is due, if one is: its tile, and plane and row within it.
  @inline(__always)
  mutating func next() -> (tile: (i: WinogradTile, j: WinogradTile), plane: Int, row: Int)? {
    if due < shares { return nil }
    due -= shares
    if plane == extent {
      index += 1
      plane = 0
      tile = block.tile(index)
    }
    let place = (tile, plane, row)
    row += 1
    if row == extent {
      row = 0
      plane += 1
    }
    return place
  }
}
