import KernelInterface
import Networks

extension DecoderPass {
  /// One tile of points forward, through the loss, and back to the gradients of its features; `index`
  /// is the tile's place in the worker's memory.
  func run(
    _ sample: Sample, _ points: Range<Int>, at index: Int, share: Float, features: FeatureMap,
    pointGradients: UnsafeMutablePointer<Float>, parameters: UnsafePointer<Float>, worker: Int
  ) -> PointSums {
    let memory = memory[worker]
    let tile = DecoderTile(
      pass: self, memory: memory, first: index * DecoderMemory.tile, count: points.count,
      parameters: parameters)
    let inputs = memory.inputs
    sample.sampling.read(
      features, sample: sample.index, points: points, into: inputs.row(tile.first),
      stride: inputs.stride, table.training)
    if variants.condition != .none {
      for point in 0..<points.count {
        inputs.row(tile.first + point)[decoder.features + 3] = sample.content.psf
      }
    }
    tile.forward()
    let sums = compare(
      sample, points, share: share, outputs: memory.outputs.pointer + tile.first)
    tile.backward(into: pointGradients + points.lowerBound * features.stride, features.stride)
    return sums
  }

  /// The loss of a tile; outputs become their gradients.
  private func compare(
    _ sample: Sample, _ points: Range<Int>, share: Float, outputs: UnsafeMutablePointer<Float>
  ) -> PointSums {
    var sums = PointSums()
    for (index, point) in points.enumerated() {
      let target = sample.target(point)
      let isPositive = !(outputs[index] <= 0)
      let output = variants.finalReLU && !isPositive ? 0 : outputs[index]
      sums.loss += loss.value(output - target)
      sums.lossOfZero += loss.value(-target)
      let passes = !variants.finalReLU || isPositive
      sums.positive += passes ? 1 : 0
      outputs[index] = passes ? loss.slope(output - target) * share : 0
      sums.gradient += Double(outputs[index])
    }
    return sums
  }
}

/// The layers at one tile of points.
private struct DecoderTile {
  let pass: DecoderPass
  let memory: DecoderMemory
  /// The tile's first point in the memory.
  let first: Int
  let count: Int
  let parameters: UnsafePointer<Float>

  private var layers: [LayerLayout] { pass.decoder.layers }
  private var depth: Int { layers.count / 2 }
  private var kernels: TrainingKernels { pass.table.training }

  func forward() {
    for layer in 0..<depth { apply(layer, to: memory.stageOne[layer]) }
    let skip = memory.skip
    kernels.add(
      memory.inputs.row(first), memory.stageOne[depth - 1].row(first), skip.row(first),
      count * skip.stride)
    for layer in depth..<2 * depth - 1 { apply(layer, to: memory.stageTwo[layer - depth]) }
    kernels.applyOutputRow(outputRow(gradients: memory.stageTwoGradients[depth - 2]))
  }

  func backward(into pointGradients: UnsafeMutablePointer<Float>, _ stride: Int) {
    let (one, two) = (memory.stageOneGradients, memory.stageTwoGradients)
    kernels.outputRowGradient(outputRow(gradients: two[depth - 2]))
    for layer in (1..<depth - 1).reversed() {
      turn(depth + layer, two[layer].row(first), into: two[layer - 1], memory.stageTwo[layer - 1])
    }
    let skip = memory.skipGradient
    dense(
      two[0].row(first), two[0].stride, layers[depth].outputs,
      weights: pass.weights.turned[depth].pointer, bias: pass.zeros.pointer, into: skip.row(0),
      skip.stride, skip.stride)
    kernels.gate(
      skip.row(0), memory.stageOne[depth - 1].row(first), one[depth - 1].row(first),
      count * skip.stride)
    for layer in (1..<depth).reversed() {
      turn(layer, one[layer].row(first), into: one[layer - 1], memory.stageOne[layer - 1])
    }
    dense(
      one[0].row(first), one[0].stride, layers[0].outputs,
      weights: pass.weights.turned[0].pointer, bias: pass.zeros.pointer, into: pointGradients,
      stride, stride, adding: skip)
    clearPadding(pointGradients, stride)
  }

  /// The skip adds gradients of coordinates where features have padding.
  private func clearPadding(_ gradients: UnsafeMutablePointer<Float>, _ stride: Int) {
    for point in 0..<count {
      for channel in pass.decoder.features..<stride { gradients[point * stride + channel] = 0 }
    }
  }

  private func apply(_ layer: Int, to result: PointMap) {
    let input = memory.input(ofLayer: layer)
    dense(
      input.row(first), input.stride, layers[layer].inputs,
      weights: pass.weights.forward[layer].pointer, bias: parameters + layers[layer].bias,
      into: result.row(first), result.stride, result.stride, isRectified: true)
  }

  /// From the gradient of a layer's result to that of what entered the ReLU before the layer.
  private func turn(
    _ layer: Int, _ gradients: UnsafePointer<Float>, into result: PointMap, _ activation: PointMap
  ) {
    dense(
      gradients, layers[layer].paddedOutputs, layers[layer].outputs,
      weights: pass.weights.turned[layer].pointer, bias: pass.zeros.pointer,
      into: result.row(first), result.stride, result.stride)
    kernels.gate(
      result.row(first), activation.row(first), result.row(first), count * result.stride)
  }

  private func outputRow(gradients: PointMap) -> OutputRowArguments {
    let last = layers[layers.count - 1]
    let activations = memory.stageTwo[depth - 2]
    return OutputRowArguments(
      activations: activations.row(first), stride: activations.stride, length: activations.stride,
      count: count, weights: parameters + last.weights, bias: parameters[last.bias],
      values: memory.outputs.pointer + first, gradients: gradients.row(first))
  }

  /// A dense layer at all points of the tile: a 1x1x1 convolution of a row of points.
  private func dense(
    _ input: UnsafePointer<Float>, _ inputStride: Int, _ inputs: Int,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>, _ outputStride: Int, _ outputs: Int,
    isRectified: Bool = false, adding residual: PointMap? = nil
  ) {
    let convolve =
      pass.precision == .bfloat16 ? pass.table.convolve1x1x1Pairs : pass.table.convolve1x1x1
    withUnsafePointer(to: input) { inputRow in
      withUnsafePointer(to: output) { outputRow in
        withUnsafePointer(to: UnsafePointer(residual?.row(0) ?? output)) { residualRow in
          let operand = ConvolutionInput(
            table: RowTable(rows: inputRow, rowsPerPlane: 1, voxelStride: inputStride),
            channels: inputs)
          withUnsafePointer(to: operand) { operand in
            convolve(
              ConvolutionArguments(
                inputs: operand, inputCount: 1, weights: weights, bias: bias,
                output: ConvolutionOutput(
                  rows: outputRow, voxelStride: outputStride, channels: outputs),
                residual: residual.map {
                  ConvolutionResidual(
                    table: RowTable(
                      rows: residualRow, rowsPerPlane: 1, voxelStride: $0.stride),
                    isBroadcast: false)
                },
                rectified: isRectified, width: count, rowCount: 1,
                scratch: memory.scratch.pointer))
          }
        }
      }
    }
  }
}
