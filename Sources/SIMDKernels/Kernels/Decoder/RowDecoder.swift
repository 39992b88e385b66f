import KernelInterface

/// The fused decoder on one row of points.
///
/// 1. Formula and layouts: `RowDecoderArguments`.
/// 2. Scratch is aligned to 64 bytes; nothing else needs an alignment. Only LR voxels that a point's
///    taps name are read; exactly `count` intensities are written.
/// 3. Tile by tile: combine the LR rows where the tile's points lie, interpolate both stages'
///    pre-activations, then layer by layer with activations in two buffers in L2. 48 to 192 points
///    per tile: fewer fetch the weights from L3 too often.
/// 4. A point's sums run in the documented order, so neither tile nor position matters; tests
///    `rowsAreSummedInTheDocumentedOrder`, `neitherTileNorPositionChangesAByte`,
///    `rowsAreWithinTheDerivedBound` (bound through the gradient of the intensity).
/// 5. See the table in the module's README; `kernel-benchmark`, `decode/256x8` and `decode/64x6`.
func decodeRow(_ arguments: RowDecoderArguments) {
  assert(arguments.hidden % FeatureLayout.channelGranule == 0)
  assert(arguments.tile > 0)
  assert(UInt(bitPattern: arguments.scratch) % 64 == 0)
  guard arguments.count > 0 else { return }
  let memory = RowDecoderMemory(arguments)
  var blended: Range<Int>?
  var first = 0
  while first < arguments.count {
    let count = min(arguments.tile, arguments.count - first)
    let needed = voxels(arguments, first: first, count: count)
    blended = blend(arguments, needed, after: blended, into: memory.blended)
    decodeTile(arguments, memory, first: first, count: count)
    first += count
  }
}

/// Floats of scratch for ``decodeRow(_:)``.
func rowDecoderScratch(rowLength: Int, hidden: Int, widest: Int, tile: Int) -> Int {
  let stride = FeatureLayout.paddedChannels(max(widest, hidden))
  return Reduction.tableFloats + rowLength * 2 * hidden + tile * (2 * stride + hidden)
}

/// How scratch memory is divided.
private struct RowDecoderMemory {
  let segment: UnsafeMutablePointer<Segment>
  /// `[LR voxel][2 * hidden]`.
  let blended: UnsafeMutablePointer<Float>
  /// Stage two's pre-activations of the tile.
  let skip: PointRows
  /// Activations, written in turn.
  let activations: (PointRows, PointRows)

  @inline(__always)
  init(_ arguments: RowDecoderArguments) {
    var widest = arguments.hidden
    for index in 0..<arguments.layerCount {
      widest = max(widest, arguments.layers[index].outputs)
    }
    segment = segmentTable(in: arguments.scratch)
    blended = arguments.scratch + Reduction.tableFloats
    let first = blended + arguments.rowLength * 2 * arguments.hidden
    let second = first + arguments.tile * widest
    activations = (
      PointRows(values: first, stride: widest), PointRows(values: second, stride: widest)
    )
    skip = PointRows(values: second + arguments.tile * widest, stride: arguments.hidden)
  }
}

/// The LR voxels between which a tile's points lie.
@inline(__always)
private func voxels(_ arguments: RowDecoderArguments, first: Int, count: Int) -> Range<Int> {
  var lowest = arguments.tap0[first]
  var highest = lowest
  for point in first..<first + count {
    lowest = min(lowest, min(arguments.tap0[point], arguments.tap1[point]))
    highest = max(highest, max(arguments.tap0[point], arguments.tap1[point]))
  }
  assert(lowest >= 0 && Int(highest) < arguments.rowLength)
  return Int(lowest)..<Int(highest) + 1
}

/// Combines the four LR rows where that is still to do, just before the points need it, so that the
/// combined voxels are still in the nearest cache; returns what is done by now.
@inline(__always)
private func blend(
  _ arguments: RowDecoderArguments, _ needed: Range<Int>, after done: Range<Int>?,
  into blended: UnsafeMutablePointer<Float>
) -> Range<Int> {
  guard let done else {
    blend(arguments, needed, into: blended)
    return needed
  }
  let lower = min(needed.lowerBound, done.lowerBound)
  let upper = max(needed.upperBound, done.upperBound)
  blend(arguments, lower..<done.lowerBound, into: blended)
  blend(arguments, done.upperBound..<upper, into: blended)
  return lower..<upper
}

@inline(__always)
private func blend(
  _ arguments: RowDecoderArguments, _ voxels: Range<Int>,
  into blended: UnsafeMutablePointer<Float>
) {
  let rows = arguments.rows
  let weight0 = broadcast(arguments.rowWeights.0)
  let weight1 = broadcast(arguments.rowWeights.1)
  let weight2 = broadcast(arguments.rowWeights.2)
  let weight3 = broadcast(arguments.rowWeights.3)
  var index = voxels.lowerBound * 2 * arguments.hidden
  let end = voxels.upperBound * 2 * arguments.hidden
  while index < end {
    var sum = weight0 * load(rows.0 + index)
    sum = multiplyAdd(sum, weight1, load(rows.1 + index))
    sum = multiplyAdd(sum, weight2, load(rows.2 + index))
    sum = multiplyAdd(sum, weight3, load(rows.3 + index))
    store(sum, to: blended + index)
    index += lanes
  }
}

@inline(__always)
private func decodeTile(
  _ arguments: RowDecoderArguments, _ memory: RowDecoderMemory, first: Int, count: Int
) {
  var values = memory.activations.0
  var results = memory.activations.1
  interpolateTile(
    arguments, memory.blended, first: first, count: count, activations: values, skip: memory.skip)
  for index in 0..<arguments.layerCount {
    arguments.layers[index].apply(
      to: values, count: count, start: index == arguments.skipLayer ? memory.skip : nil,
      residual: nil, into: results, segment: memory.segment,
      nextLayer: arguments.layers[(index + 1) % arguments.layerCount].weights)
    swap(&values, &results)
  }
  arguments.outputLayer.apply(to: values, count: count, into: arguments.output + first)
}
