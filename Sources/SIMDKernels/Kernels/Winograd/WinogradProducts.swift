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
  var frequency = 0
  for k in 0..<6 {
    for j in 0..<6 {
      for i in 0..<6 {
        let isNeeded =
          (arguments.tileK.isLong || WinogradPoints.isShort(k))
          && (hasLong.j || WinogradPoints.isShort(j)) && (hasLong.i || WinogradPoints.isShort(i))
        if isNeeded {
          fetchInputs(of: next, share: frequency, arguments)
          fetchOutputs(of: block, share: frequency, arguments)
          multiply(
            block.count, frequency: frequency, segmentCount: operands.count, steps: operands.steps,
            filters: arguments.filters + frequency * matrix, workspace)
        }
        for index in 0..<operands.count {
          workspace.segments[index].values += workspace.valueStride
        }
        frequency += 1
      }
    }
  }
}

@inline(__always)
private func multiply(
  _ tiles: Int, frequency: Int, segmentCount: Int, steps: Int, filters: UnsafePointer<Float>,
  _ workspace: WinogradWorkspace
) {
  let products = workspace.products + frequency * workspace.productStride
  var channel = 0
  while channel < workspace.outputChannels {
    let width = Tiling.layout.width(ofPanelAt: channel, channels: workspace.outputChannels)
    let weights = filters + channel * steps
    let rows = RowTiles(tiles, maximum: Tiling.maximumRows(vectors: width / lanes))
    var task = PanelTask(
      segments: workspace.segments, segmentCount: segmentCount, weights: weights,
      start: UnsafePointer(workspace.zeros), startStride: 0, destination: products + channel,
      destinationStride: workspace.outputChannels, rowCount: tiles)
    // The next panel's filters, in equal shares.
    task.upcoming = weights + steps * width
    task.upcomingLinesPerTile = (steps * width / 16 + rows.count - 1) / rows.count
    Tiling.run(task, vectors: width / lanes, rows)
    channel += width
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
    if hasGap {
      workspace.segments[count] = Segment(
        values: UnsafePointer(workspace.values + offset), stride: workspace.inputChannels,
        length: channels)
      count += 1
    } else {
      workspace.segments[count - 1].length += channels
    }
    let padded = FeatureLayout.paddedChannels(channels)
    hasGap = padded != channels
    offset += padded
    steps += channels
  }
  return (count, steps)
}

// MARK: - Prefetching

// Both divide lines of memory among the 216 frequencies. A unit is one row of a tile in one plane.

/// Asks for this frequency's share of the next block's inputs.
@inline(__always)
private func fetchInputs(of block: WinogradBlock, share: Int, _ arguments: WinogradArguments) {
  let units = block.count * 36
  var unit = units * share / WinogradPoints.frequencies
  let end = units * (share + 1) / WinogradPoints.frequencies
  while unit < end {
    let tile = block.tile(unit / 36)
    let plane = unit / 6 % 6
    let row = unit % 6
    if plane < arguments.tileK.length + 2 && row < tile.j.length + 2 {
      let column = tile.i.start + 1 - arguments.firstColumn
      for index in 0..<arguments.inputCount {
        let table = arguments.inputs[index].table
        let first = table.row(plane: plane, row: tile.j.start - 1 - arguments.firstReadRow + row)
        fetch(first + column * table.voxelStride, count: 4 * table.voxelStride)
      }
    }
    unit += 1
  }
}

/// Asks for this frequency's share of the voxels that the block will add and store.
@inline(__always)
private func fetchOutputs(of block: WinogradBlock, share: Int, _ arguments: WinogradArguments) {
  let units = block.count * 16
  var unit = units * share / WinogradPoints.frequencies
  let end = units * (share + 1) / WinogradPoints.frequencies
  while unit < end {
    let tile = block.tile(unit / 16)
    let plane = unit / 4 % 4
    let row = tile.j.lower + unit % 4
    if arguments.tileK.lower + plane < arguments.tileK.upper && row < tile.j.upper {
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
    unit += 1
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
