import KernelInterface

/// Plain loops over `ConvolutionArguments`, each step one multiplication and one addition.
///
/// The loop over the lanes of a panel is innermost, so that a compiler may use the vectors of the
/// baseline; the order of every sum is the documented one.
func referenceConvolution(_ arguments: ConvolutionArguments, extent: Int) {
  let reduction = reductionSteps(arguments, extent: extent)
  let output = arguments.output
  let sums = arguments.scratch
  for j in 0..<arguments.rowCount {
    for i in 0..<arguments.width {
      for channel in stride(from: 0, to: output.channels, by: referencePanelWidth) {
        accumulate(
          arguments, extent: extent, j: j, i: i, channel: channel,
          weights: arguments.weights + channel * reduction, into: sums + channel)
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

/// Bias, then inputs in order, taps (k, then j, then i fastest), channels.
private func accumulate(
  _ arguments: ConvolutionArguments, extent: Int, j: Int, i: Int, channel: Int,
  weights: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
) {
  for lane in 0..<referencePanelWidth { sums[lane] = arguments.bias[channel + lane] }
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
