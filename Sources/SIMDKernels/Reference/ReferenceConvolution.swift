import KernelInterface

/// Plain loops over `ConvolutionArguments`, each step one multiplication and one addition.
///
/// The loop over the lanes of a panel is innermost, so that a compiler may use the vectors of the
/// baseline; the order of every sum is the documented one.
func referenceConvolution(_ arguments: ConvolutionArguments, extent: Int) {
  let reduction = reductionSteps(arguments, extent: extent)
  forEachPanel(arguments) { j, i, channel, sums in
    accumulate(
      arguments, extent: extent, j: j, i: i,
      weights: arguments.weights + channel * reduction, into: sums)
  }
}

/// Plain loops over a 1x1x1 convolution in bfloat16.
func referencePairConvolution(_ arguments: ConvolutionArguments) {
  var pairs = 0
  for index in 0..<arguments.inputCount { pairs += (arguments.inputs[index].channels + 1) / 2 }
  forEachPanel(arguments) { j, i, channel, sums in
    var weights = arguments.weights + channel * pairs
    for index in 0..<arguments.inputCount {
      let input = arguments.inputs[index]
      let voxel = input.table.row(plane: 0, row: j) + i * input.table.voxelStride
      for step in stride(from: 0, to: input.channels, by: 2) {
        addProducts(
          of: voxel[step], step + 1 < input.channels ? voxel[step + 1] : 0, and: weights, to: sums)
        weights += referencePanelWidth
      }
    }
  }
}

/// Sums from the bias on, panel by panel, and stores what becomes of them, voxel by voxel.
private func forEachPanel(
  _ arguments: ConvolutionArguments,
  addSteps: (_ j: Int, _ i: Int, _ channel: Int, UnsafeMutablePointer<Float>) -> Void
) {
  let output = arguments.output
  let sums = arguments.scratch
  for j in 0..<arguments.rowCount {
    for i in 0..<arguments.width {
      for channel in stride(from: 0, to: output.channels, by: referencePanelWidth) {
        for lane in channel..<channel + referencePanelWidth { sums[lane] = arguments.bias[lane] }
        addSteps(j, i, channel, sums + channel)
      }
      // All channels are complete before any is stored: the output may be an input.
      let voxel = output.rows[j] + i * output.voxelStride
      for channel in 0..<output.channels {
        voxel[channel] = finished(arguments, sums[channel], j: j, i: i, channel: channel)
      }
    }
  }
}

private func reductionSteps(_ arguments: ConvolutionArguments, extent: Int) -> Int {
  var channels = 0
  for index in 0..<arguments.inputCount { channels += arguments.inputs[index].channels }
  return channels * extent * extent * extent
}

/// Inputs in order, taps (k, then j, then i fastest), channels.
private func accumulate(
  _ arguments: ConvolutionArguments, extent: Int, j: Int, i: Int,
  weights: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
) {
  let offset = extent / 2
  var weights = weights
  for index in 0..<arguments.inputCount {
    let input = arguments.inputs[index]
    for tapK in 0..<extent {
      for tapJ in 0..<extent {
        for tapI in 0..<extent {
          let voxel =
            input.table.row(plane: tapK, row: j + tapJ)
            + (i + tapI - offset) * input.table.voxelStride
          for step in 0..<input.channels {
            addProduct(of: voxel[step], and: weights, to: sums)
            weights += referencePanelWidth
          }
        }
      }
    }
  }
}

/// ReLU and residual.
private func finished(
  _ arguments: ConvolutionArguments, _ sum: Float, j: Int, i: Int, channel: Int
) -> Float {
  let value = arguments.rectified && sum < 0 ? 0 : sum
  guard let residual = arguments.residual else { return value }
  let voxel = residual.table.row(plane: 0, row: j) + i * residual.table.voxelStride
  return value + voxel[residual.isBroadcast ? 0 : channel]
}

/// `sums[lane] += value * weights[lane]` over one panel.
@inline(__always)
func addProduct(
  of value: Float, and weights: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>
) {
  for lane in 0..<referencePanelWidth { sums[lane] += value * weights[lane] }
}

/// Adds the products of two values, rounded to bfloat16, with a step's pairs of weights.
func addProducts(
  of first: Float, _ second: Float, and weights: UnsafePointer<Float>,
  to sums: UnsafeMutablePointer<Float>
) {
  let (first, second) = (BFloat16.rounded(first), BFloat16.rounded(second))
  for lane in 0..<referencePanelWidth {
    let pair = BFloat16.values(weights[lane])
    sums[lane] = (sums[lane] + first * pair.0) + second * pair.1
  }
}
