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
  let channels: Int
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
    channels = arguments.inputs[operand].channels
    axis = arguments.axes.i
    firstColumn = arguments.firstColumn
    firstRow = tileJ.start - 1 - arguments.firstReadRow
    isLongJ = tileJ.isLong
    tileK = arguments.tileK
  }

  /// Voxels along i between a column and the one that is asked for while it is transformed.
  @inline(__always) private var ahead: Int { 4 }

  /// Transforms all channels.
  ///
  /// - Parameters:
  ///   - tiles: Indices along i.
  ///   - target: The values of the first tile and channel at frequency 0.
  @inline(__always)
  func transformAll(tiles: Range<Int>, to target: UnsafeMutablePointer<Float>) {
    let padded = FeatureLayout.paddedChannels(channels)
    var channel = 0
    if workspace.holdsPairs {
      // Two vectors at once fill more of a cache line before the next frequency's.
      while channel < padded {
        let vectors = min(2, (padded - channel) / lanes)
        transform(channel: channel, vectors: vectors, tiles: tiles, to: target + channel / 2)
        channel += vectors * lanes
      }
      if channels % 2 == 1 { clearSecond(of: target + channels / 2, tiles: tiles.count) }
    } else {
      while channel < padded {
        transform(channel: channel, vectors: 1, tiles: tiles, to: target + channel)
        channel += lanes
      }
    }
  }

  /// Transforms one or two vectors of channels.
  @inline(__always)
  private func transform(
    channel: Int, vectors: Int, tiles: Range<Int>, to target: UnsafeMutablePointer<Float>
  ) {
    let base = axis.tile(tiles.lowerBound).start - 1
    var column = base
    var target = target
    for index in tiles {
      let tile = axis.tile(index)
      while column < tile.start + tile.length + 1 {
        for vector in 0..<vectors {
          transformColumn(
            column, channel: channel + vector * lanes,
            to: slot(column - base) + vector * WinogradWorkspace.columnFloats)
        }
        column += 1
      }
      let first = tile.start - 1 - base
      if workspace.holdsPairs {
        transformAlongIToPairs(from: first, vectors: vectors, isLong: tile.isLong, to: target)
      } else {
        transformAlongI(from: first, isLong: tile.isLong, to: target)
      }
      target += workspace.valueWidth
    }
  }

  /// What lies behind the last channel is multiplied by zero, but it might not be finite.
  private func clearSecond(of pairs: UnsafeMutablePointer<Float>, tiles: Int) {
    for frequency in 0..<WinogradPoints.frequencies {
      for tile in 0..<tiles {
        let pair = pairs + frequency * workspace.valueStride + tile * workspace.valueWidth
        pair.pointee = Float(bitPattern: pair.pointee.bitPattern & 0xFFFF)
      }
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
  /// The same for one or two vectors, rounded.
  @inline(__always)
  private func transformAlongIToPairs(
    from column: Int, vectors: Int, isLong: Bool, to target: UnsafeMutablePointer<Float>
  ) {
    let stride = workspace.valueStride
    let (c0, c1, c2) = (slot(column), slot(column + 1), slot(column + 2))
    let (c3, c4, c5) = (slot(column + 3), slot(column + 4), slot(column + 5))
    for k in 0..<6 where tileK.isLong || WinogradPoints.isShort(k) {
      for j in 0..<6 where isLongJ || WinogradPoints.isShort(j) {
        for vector in 0..<vectors {
          let line = (k * 6 + j) * lanes + vector * WinogradWorkspace.columnFloats
          let place = target + (k * 6 + j) * (6 * stride) + vector * (lanes / 2)
          let (d0, d1, d2) = (load(c0 + line), load(c1 + line), load(c2 + line))
          let d3 = load(c3 + line)
          if isLong {
            PointValues(ofInputs: d0, d1, d2, d3, load(c4 + line), load(c5 + line))
              .savePairs(to: place, stride: stride)
          } else {
            ShortPointValues(ofInputs: d0, d1, d2, d3).savePairs(to: place, stride: stride)
          }
        }
      }
    }
  }
}
