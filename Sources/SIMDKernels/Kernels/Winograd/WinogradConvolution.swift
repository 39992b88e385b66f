import KernelInterface

/// 3x3x3 convolution by Winograd's algorithm, F(4x4x4, 3x3x3) and F(2) at the volume's ends.
///
/// 1. Formula, layouts, order: `WinogradArguments`, `WinogradPoints`, `TileAxis`.
/// 2. No alignment is needed. Rows are read up to one voxel outside the volume; what tiles reach
///    beyond it is zero. Prefetches name addresses beyond any row.
/// 3. A block of tiles goes through three steps: the inputs' transform; per frequency one product of
///    matrices (rows are tiles) by ``RegisterTile``; the inverse transform with bias, ReLU and
///    residual. Transforms have channels as lanes and work in L1; the products need no main memory,
///    so under them the next block's inputs and this block's outputs are fetched.
/// 4. Bound and test: `WinogradTests`.
/// 5. `kernel-benchmark`, shapes `winograd`.
func convolveWinograd(_ arguments: WinogradArguments) {
  convolve(arguments, WinogradWorkspace(arguments, holdsPairs: false))
}

/// The same in bfloat16.
///
/// Transformed inputs and filters are rounded to pairs of channels; transforms and sums are float32.
/// Bound and test: `WinogradTests`, which runs in both precisions.
func convolveWinogradPairs(_ arguments: WinogradArguments) {
  convolve(arguments, WinogradWorkspace(arguments, holdsPairs: true))
}

private func convolve(_ arguments: WinogradArguments, _ workspace: WinogradWorkspace) {
  let total = arguments.tilesI.count * arguments.tilesJ.count
  guard total > 0 else { return }
  // Blocks of about equal size, of whole register tiles.
  let blocks = (total + workspace.tiles - 1) / workspace.tiles
  let size = min(workspace.tiles, (total / blocks + 6) / 6 * 6)
  var first = 0
  while first < total {
    let end = min(first + size, total)
    let following = min(end + size, total)
    let block = WinogradBlock(arguments, first: first, count: end - first)
    let next = WinogradBlock(arguments, first: end, count: following - end)
    transformInputs(of: block, arguments, workspace)
    multiply(block, next: next, arguments, workspace)
    transformOutputs(of: block, arguments, workspace)
    first = end
  }
}

@inline(never)
private func transformInputs(
  of block: WinogradBlock, _ arguments: WinogradArguments, _ workspace: WinogradWorkspace
) {
  var index = 0
  while index < block.count {
    let run = block.run(from: index)
    let place = (block.first + index) % block.tilesI.count + block.tilesI.lowerBound
    var target = workspace.values + index * workspace.valueWidth
    for operand in 0..<arguments.inputCount {
      let transform = WinogradInput(
        arguments, workspace, operand: operand, tileJ: block.tile(index).j)
      transform.transformAll(tiles: place..<place + run, to: target)
      let channels = FeatureLayout.paddedChannels(arguments.inputs[operand].channels)
      target += WinogradWorkspace.valueWidth(channels, holdsPairs: workspace.holdsPairs)
    }
    index += run
  }
}

@inline(never)
private func transformOutputs(
  of block: WinogradBlock, _ arguments: WinogradArguments, _ workspace: WinogradWorkspace
) {
  for index in 0..<block.count {
    let tile = block.tile(index)
    let transform = WinogradOutput(arguments, workspace, tileI: tile.i, tileJ: tile.j)
    let products = UnsafePointer(workspace.products + index * workspace.outputChannels)
    var channel = 0
    while channel < workspace.outputChannels {
      transform.transform(products + channel, channel: channel)
      channel += lanes
    }
  }
}
