import CSIMD
import KernelInterface

/// The transform of the inputs of some tiles that follow each other along i.
///
/// A column is the 6 x 6 voxels of a tile with one index along i. It is transformed along j and k once,
/// though two tiles use the columns at their common edge; then each tile's six columns are
/// transformed along i.
struct WinogradInput {
  let workspace: WinogradWorkspace
  let table: RowTable
  let axis: TileAxis
  /// The voxel at which rows begin, and the row of the table that the tiles read first.
  let firstColumn: Int
  let firstRow: Int
  let isLongJ: Bool
  let tileK: WinogradTile

  @inline(__always)
  init(
    _ arguments: WinogradArguments, _ workspace: WinogradWorkspace, operand: Int,
    tileJ: WinogradTile
  ) {
    self.workspace = workspace
    table = arguments.inputs[operand].table
    axis = arguments.axes.i
    firstColumn = arguments.firstColumn
    firstRow = tileJ.start - 1 - arguments.firstReadRow
    isLongJ = tileJ.isLong
    tileK = arguments.tileK
  }

  /// Voxels along i between a column and the one that is asked for while it is transformed.
  @inline(__always) private var ahead: Int { 4 }

  /// Transforms one vector of channels.
  ///
  /// - Parameters:
  ///   - channel: The first channel of the operand.
  ///   - tiles: Indices along i.
  ///   - target: The values of the first tile and channel at frequency 0.
  @inline(__always)
  func transform(channel: Int, tiles: Range<Int>, to target: UnsafeMutablePointer<Float>) {
    let base = axis.tile(tiles.lowerBound).start - 1
    var column = base
    var target = target
    for index in tiles {
      let tile = axis.tile(index)
      while column < tile.start + tile.length + 1 {
        transformColumn(column, channel: channel, to: slot(column - base))
        column += 1
      }
      transformAlongI(from: tile.start - 1 - base, isLong: tile.isLong, to: target)
      target += workspace.inputChannels
    }
  }

  @inline(__always)
  private func slot(_ column: Int) -> UnsafeMutablePointer<Float> {
    workspace.columns + column % 6 * (36 * lanes)
  }

  /// Along j, then along k; rows know nothing beyond a voxel outside the volume.
  @inline(__always)
  private func transformColumn(
    _ column: Int, channel: Int, to slot: UnsafeMutablePointer<Float>
  ) {
    guard column >= -1 && column <= axis.size else {
      for index in 0..<36 { store(broadcast(0), to: slot + index * lanes) }
      return
    }
    let offset = (column - firstColumn) * table.voxelStride + channel
    let fetched = offset + ahead * table.voxelStride
    let lines = workspace.lines
    for plane in 0..<tileK.length + 2 {
      let rows = table.rows + plane * table.rowsPerPlane + firstRow
      let line = lines + plane * (6 * lanes)
      let (r0, r1, r2, r3) = (rows[0], rows[1], rows[2], rows[3])
      for row in 0..<4 { csimd_prefetch_l2(rows[row] + fetched) }
      if isLongJ {
        let (r4, r5) = (rows[4], rows[5])
        csimd_prefetch_l2(r4 + fetched)
        csimd_prefetch_l2(r5 + fetched)
        transformInput(
          load(r0 + offset), load(r1 + offset), load(r2 + offset), load(r3 + offset),
          load(r4 + offset), load(r5 + offset), to: line, stride: lanes)
      } else {
        transformInput(
          load(r0 + offset), load(r1 + offset), load(r2 + offset), load(r3 + offset), to: line,
          stride: lanes)
      }
    }
    for point in 0..<6 where isLongJ || WinogradPoints.isShort(point) {
      transformInput(
        UnsafePointer(lines + point * lanes), stride: 6 * lanes, to: slot + point * lanes,
        targetStride: 6 * lanes, isLong: tileK.isLong)
    }
  }

  @inline(__always)
  private func transformAlongI(
    from column: Int, isLong: Bool, to target: UnsafeMutablePointer<Float>
  ) {
    let stride = workspace.valueStride
    let (c0, c1, c2) = (slot(column), slot(column + 1), slot(column + 2))
    let (c3, c4, c5) = (slot(column + 3), slot(column + 4), slot(column + 5))
    for k in 0..<6 where tileK.isLong || WinogradPoints.isShort(k) {
      for j in 0..<6 where isLongJ || WinogradPoints.isShort(j) {
        let line = (k * 6 + j) * lanes
        let place = target + (k * 6 + j) * (6 * stride)
        if isLong {
          transformInput(
            load(c0 + line), load(c1 + line), load(c2 + line), load(c3 + line), load(c4 + line),
            load(c5 + line), to: place, stride: stride)
        } else {
          transformInput(
            load(c0 + line), load(c1 + line), load(c2 + line), load(c3 + line), to: place,
            stride: stride)
        }
      }
    }
  }
}
