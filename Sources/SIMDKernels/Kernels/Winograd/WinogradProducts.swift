import CSIMD
import KernelInterface

/// One product of matrices per frequency: values `[tile][input channel]` by filters.
///
/// Frequencies that no tile of the block has are left out; where only some tiles lack one, their rows
/// are computed from whatever the memory holds, and nobody reads them.
@inline(never)
func multiply(
  _ block: WinogradBlock, next: WinogradBlock, _ arguments: WinogradArguments,
  _ workspace: WinogradWorkspace
) {
  let operands = listOperands(arguments, workspace)
  let hasLong = block.hasLong
  let matrix = operands.steps * workspace.outputChannels
  var products = WinogradProducts(block, next: next, arguments, workspace)
  var frequency = 0
  for k in 0..<6 {
    for j in 0..<6 {
      for i in 0..<6 {
        let isNeeded =
          (arguments.tileK.isLong || WinogradPoints.isShort(k))
          && (hasLong.j || WinogradPoints.isShort(j)) && (hasLong.i || WinogradPoints.isShort(i))
        if isNeeded {
          products.multiply(
            frequency: frequency, segmentCount: operands.count, steps: operands.steps,
            filters: arguments.filters + frequency * matrix)
        }
        for index in 0..<operands.count {
          workspace.segments[index].values += workspace.valueStride
        }
        frequency += 1
      }
    }
  }
}

/// The products of a block, and what is asked for between their register tiles.
private struct WinogradProducts {
  let arguments: WinogradArguments
  let workspace: WinogradWorkspace
  let tiles: Int
  /// Rows that the next block reads.
  var inputs: WinogradFetch
  /// Rows that this block will add and store.
  var outputs: WinogradFetch

  @inline(__always)
  init(
    _ block: WinogradBlock, next: WinogradBlock, _ arguments: WinogradArguments,
    _ workspace: WinogradWorkspace
  ) {
    self.arguments = arguments
    self.workspace = workspace
    tiles = block.count
    var shares = 0
    var channel = 0
    while channel < workspace.outputChannels {
      let width = Tiling.layout.width(ofPanelAt: channel, channels: workspace.outputChannels)
      shares += WinogradPoints.frequencies * workspace.rowTiles(block.count, width: width).count
      channel += width
    }
    inputs = WinogradFetch(next, extent: 6, shares: shares)
    outputs = WinogradFetch(block, extent: 4, shares: shares)
  }

  @inline(__always)
  mutating func multiply(
    frequency: Int, segmentCount: Int, steps: Int, filters: UnsafePointer<Float>
  ) {
    let products = workspace.products + frequency * workspace.productStride
    var channel = 0
    while channel < workspace.outputChannels {
      let width = Tiling.layout.width(ofPanelAt: channel, channels: workspace.outputChannels)
      let weights = filters + channel * steps
      let rows = workspace.rowTiles(tiles, width: width)
      var task = PanelTask(
        segments: workspace.segments, segmentCount: segmentCount, weights: weights,
        start: UnsafePointer(workspace.zeros), startStride: 0, destination: products + channel,
        destinationStride: workspace.outputChannels, rowCount: tiles)
      task.readsPairs = workspace.holdsPairs
      // The next panel's filters, in equal shares.
      task.upcoming = weights + steps * width
      task.upcomingLinesPerTile = (steps * width / 16 + rows.count - 1) / rows.count
      var row = 0
      for tile in 0..<rows.count {
        fetchInputs()
        fetchOutputs()
        let count = rows.rows(of: tile)
        Tiling.run(task, tile: tile, at: row, rows: count, vectors: width / lanes)
        row += count
      }
      channel += width
    }
  }

  @inline(__always)
  private mutating func fetchInputs() {
    inputs.beginShare()
    while let (tile, plane, row) = inputs.next() {
      guard plane < arguments.tileK.length + 2 && row < tile.j.length + 2 else { continue }
      let column = tile.i.start + 1 - arguments.firstColumn
      for index in 0..<arguments.inputCount {
        let table = arguments.inputs[index].table
        let first = table.row(plane: plane, row: tile.j.start - 1 - arguments.firstReadRow + row)
        fetch(first + column * table.voxelStride, count: 4 * table.voxelStride)
      }
    }
  }

  @inline(__always)
  private mutating func fetchOutputs() {
    outputs.beginShare()
    while let (tile, plane, rowOfTile) = outputs.next() {
      let row = tile.j.lower + rowOfTile
      guard arguments.tileK.lower + plane < arguments.tileK.upper && row < tile.j.upper else {
        continue
      }
      let place = plane * arguments.rowCount + row - arguments.firstRow
      let column = tile.i.lower - arguments.firstColumn
      let output = arguments.output
      fetch(
        UnsafePointer(output.rows[place]) + column * output.voxelStride,
        count: 4 * output.voxelStride)
      if let table = arguments.residual?.table {
        fetch(table.rows[place] + column * table.voxelStride, count: 4 * table.voxelStride)
      }
    }
  }

  @inline(__always)
  private func fetch(_ first: UnsafePointer<Float>, count: Int) {
    var offset = 0
    while offset < count {
      csimd_prefetch_l2(first + offset)
      offset += 16
    }
  }
}

/// Lists the segments of a tile's values at frequency 0: operands without a gap after them are
/// merged with the next.
@inline(__always)
private func listOperands(
  _ arguments: WinogradArguments, _ workspace: WinogradWorkspace
) -> (count: Int, steps: Int) {
  var count = 0
  var steps = 0
  var offset = 0
  var hasGap = true
  for index in 0..<arguments.inputCount {
    let channels = arguments.inputs[index].channels
    let length = workspace.holdsPairs ? (channels + 1) / 2 : channels
    if hasGap {
      workspace.segments[count] = Segment(
        values: UnsafePointer(workspace.values + offset), stride: workspace.valueWidth,
        length: length)
      count += 1
    } else {
      workspace.segments[count - 1].length += length
    }
    let width = WinogradWorkspace.valueWidth(
      FeatureLayout.paddedChannels(channels), holdsPairs: workspace.holdsPairs)
    hasGap = width != length
    offset += width
    steps += length
  }
  return (count, steps)
}
