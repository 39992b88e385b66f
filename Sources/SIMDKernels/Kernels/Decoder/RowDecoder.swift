import KernelInterface

/// The fused decoder on a group of rows of points.
///
/// 1. Formula and layouts: `RowDecoderArguments`.
/// 2. Scratch is aligned to 64 bytes; nothing else needs an alignment. Only LR voxels that a point's
///    taps name are read; exactly `count` intensities per row are written.
/// 3. Strip by strip: some columns (places along i) of all rows of the group make a tile. Their LR
///    voxels are blended just before, once per row from LR rows that the first row brings into L1;
///    then both stages' pre-activations, then layer by layer with activations in two buffers in L2.
///    48 to 192 points per tile: fewer fetch the weights from L3 too often. Points lie column by
///    column, so those of one LR cell are neighbours and leave the same units at zero.
/// 4. A point's sums run in the documented order, so group, tile and position do not matter; tests
///    `rowsAreSummedInTheDocumentedOrder`, `neitherGroupNorTileNorPositionChangesAByte`,
///    `rowsAreWithinTheDerivedBound` (bound through the gradient of the intensity).
/// 5. See the table in the module's README; `kernel-benchmark`, `decode/256x8` and `decode/64x6`.
func decodeRows(_ arguments: RowDecoderArguments) {
  assert(arguments.hidden % FeatureLayout.channelGranule == 0)
  assert(arguments.tile > 0 && arguments.rowCount > 0)
  assert(UInt(bitPattern: arguments.scratch) % 64 == 0)
  let memory = RowDecoderMemory(arguments)
  var blended = 0..<0
  var first = 0
  while first < arguments.count {
    let strip = Strip(arguments, first: first, memory.blended)
    memory.blended.blend(arguments, strip.voxels, keeping: blended)
    blended = strip.voxels
    decode(strip, arguments, memory)
    first += strip.count
  }
}

/// Floats of scratch for ``decodeRows(_:)``.
func rowDecoderScratch(rowCount: Int, hidden: Int, widest: Int, tile: Int) -> Int {
  let columns = BlendedVoxels.columns(rowCount: rowCount, tile: tile)
  let points = FeatureLayout.paddedChannels(columns * rowCount)
  return LayerMemory.floats(widest: max(widest, hidden), points: points)
    + BlendedVoxels.capacity(columns: columns) * rowCount * 2 * hidden
    + points * (2 * FeatureLayout.paddedChannels(max(widest, hidden)) + hidden + 1)
}

/// How scratch memory is divided.
private struct RowDecoderMemory {
  let layers: LayerMemory
  let blended: BlendedVoxels
  /// Stage two's pre-activations of the tile.
  let skip: PointRows
  /// Activations, written in turn.
  let activations: (PointRows, PointRows)
  /// One per point of the tile.
  let intensities: UnsafeMutablePointer<Float>

  @inline(__always)
  init(_ arguments: RowDecoderArguments) {
    let widest = arguments.stack.widest(atLeast: arguments.hidden)
    let columns = BlendedVoxels.columns(rowCount: arguments.rowCount, tile: arguments.tile)
    let points = FeatureLayout.paddedChannels(columns * arguments.rowCount)
    layers = LayerMemory(arguments.stack, points: points, in: arguments.scratch)
    let rest = arguments.scratch + LayerMemory.floats(widest: widest, points: points)
    blended = BlendedVoxels(arguments, in: rest)
    let first = rest + blended.floats
    let second = first + points * widest
    activations = (
      PointRows(values: first, stride: widest), PointRows(values: second, stride: widest)
    )
    skip = PointRows(values: second + points * widest, stride: arguments.hidden)
    intensities = skip.values + points * arguments.hidden
  }
}

@inline(__always)
private func decode(_ strip: Strip, _ arguments: RowDecoderArguments, _ memory: RowDecoderMemory) {
  var values = memory.activations.0
  var results = memory.activations.1
  interpolate(strip, arguments, memory.blended, activations: values, skip: memory.skip)
  let stack = arguments.stack
  let count = strip.count * arguments.rowCount
  for index in 0..<stack.count {
    stack.layers[index].apply(
      to: values, count: count, start: index == stack.skipLayer ? memory.skip : nil,
      residual: nil, into: results, writesPairs: stack.readsPairs(index + 1),
      memory: memory.layers,
      next: stack.layers[(index + 1) % stack.count],
      counts: stack.unitCounts.map { $0 + index })
    swap(&values, &results)
  }
  stack.outputLayer.apply(to: values, count: count, into: memory.intensities)
  var intensities = UnsafePointer(memory.intensities)
  for column in 0..<strip.count {
    for row in 0..<arguments.rowCount {
      arguments.rows[row].output[strip.first + column] = intensities[row]
    }
    intensities += arguments.rowCount
  }
}
