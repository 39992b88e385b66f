import KernelInterface

/// The decoder on scattered points.
///
/// 1. Formula and layouts: `PointDecoderArguments`. Interpolation takes the 8 taps in order, the first
///    product alone, then fused multiply-adds.
/// 2. Scratch is aligned to 64 bytes. A voxel's features are read up to a whole granule of channels.
/// 3. As ``decodeRows(_:)``, with a gather of 8 voxels per point and all layers at the points.
/// 4. Tests `pointsAreWithinTheDerivedBound`, `setsWithAFusedMultiplyAddAgreeByteForByte`.
/// 5. Not measured alone; the dense layers are those of ``decodeRows(_:)``.
func decodePoints(_ arguments: PointDecoderArguments) {
  assert(arguments.channels > 0 && arguments.tile > 0)
  assert(arguments.stack.skipLayer > 0 && arguments.stack.skipLayer < arguments.stack.count)
  assert(UInt(bitPattern: arguments.scratch) % 64 == 0)
  let memory = PointDecoderMemory(arguments)
  var first = 0
  while first < arguments.count {
    let count = min(arguments.tile, arguments.count - first)
    decodeTile(arguments, memory, first: first, count: count)
    first += count
  }
}

/// Floats of scratch for ``decodePoints(_:)``.
func pointDecoderScratch(channels: Int, coordinateCount: Int, widest: Int, tile: Int) -> Int {
  let inputs = FeatureLayout.paddedChannels(channels + coordinateCount)
  let most = FeatureLayout.paddedChannels(max(widest, inputs))
  return LayerMemory.floats(widest: most, points: tile) + tile * (inputs + 2 * most)
}

/// How scratch memory is divided.
private struct PointDecoderMemory {
  let layers: LayerMemory
  /// The decoder's input x: features, then coordinates, then zeros up to a whole granule.
  let inputs: PointRows
  /// Activations, written in turn.
  let activations: (PointRows, PointRows)

  @inline(__always)
  init(_ arguments: PointDecoderArguments) {
    let width = FeatureLayout.paddedChannels(arguments.channels + arguments.coordinateCount)
    let widest = arguments.stack.widest(atLeast: width)
    layers = LayerMemory(arguments.stack, points: arguments.tile, in: arguments.scratch)
    let first =
      arguments.scratch + LayerMemory.floats(widest: widest, points: arguments.tile)
    inputs = PointRows(values: first, stride: width)
    let second = first + arguments.tile * width
    activations = (
      PointRows(values: second, stride: widest),
      PointRows(values: second + arguments.tile * widest, stride: widest)
    )
  }
}

@inline(__always)
private func decodeTile(
  _ arguments: PointDecoderArguments, _ memory: PointDecoderMemory, first: Int, count: Int
) {
  for point in 0..<count {
    gather(
      arguments, point: first + point, into: memory.inputs.values + point * memory.inputs.stride)
  }
  let stack = arguments.stack
  var values = memory.inputs
  var results = memory.activations.0
  var other = memory.activations.1
  if stack.readsPairs(0) {
    // x itself stays as it is, for the sum x + h.
    round(memory.inputs, count: count, into: other)
    values = other
  }
  for index in 0..<stack.count {
    stack.layers[index].apply(
      to: values, count: count, start: nil,
      residual: index + 1 == stack.skipLayer ? memory.inputs : nil,
      into: results, writesPairs: stack.readsPairs(index + 1), memory: memory.layers,
      next: stack.layers[(index + 1) % stack.count],
      counts: stack.unitCounts.map { $0 + index })
    values = results
    swap(&results, &other)
  }
  stack.outputLayer.apply(to: values, count: count, into: arguments.output + first)
}

/// Rounds whole rows to pairs of bfloat16.
@inline(__always)
private func round(_ points: PointRows, count: Int, into pairs: PointRows) {
  for point in 0..<count {
    var index = 0
    while index < points.stride {
      storePairs(
        load(points.values + point * points.stride + index),
        to: pairs.values + point * pairs.stride + index / 2)
      index += lanes
    }
  }
}

/// The input vector of one point: features interpolated between 8 neighbours, then coordinates.
///
/// Features are read up to a whole granule (a map's voxels are padded to it); what lies beyond
/// `channels` is overwritten.
@inline(__always)
private func gather(
  _ arguments: PointDecoderArguments, point: Int, into inputs: UnsafeMutablePointer<Float>
) {
  let taps = arguments.taps + 8 * point
  let weights = arguments.tapWeights + 8 * point
  var index = 0
  while index < arguments.channels {
    var sum = broadcast(weights[0]) * load(arguments.features + taps[0] + index)
    for tap in 1..<8 {
      sum = multiplyAdd(
        sum, broadcast(weights[tap]), load(arguments.features + taps[tap] + index))
    }
    store(sum, to: inputs + index)
    index += lanes
  }
  let end = arguments.channels + arguments.coordinateCount
  let coordinates = arguments.coordinates + point * arguments.coordinateCount
  for index in 0..<arguments.coordinateCount {
    inputs[arguments.channels + index] = coordinates[index]
  }
  for index in end..<FeatureLayout.paddedChannels(end) { inputs[index] = 0 }
}
