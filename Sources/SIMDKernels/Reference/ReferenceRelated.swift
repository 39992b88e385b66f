import Glibc
import KernelInterface

let referenceRelated = RelatedKernels(
  convolveCube: { referenceConvolution($0, extent: $1) },
  convolveToOne: referenceToOne,
  exponentialUnits: referenceExponentialUnits)

/// Plain loops over a convolution to one channel.
private func referenceToOne(_ arguments: OneChannelArguments) {
  for j in 0..<arguments.rowCount {
    for i in 0..<arguments.width {
      var value = partialSums(arguments, i: i, j: j) + arguments.bias
      if let residual = arguments.residual {
        value += residual.row(plane: 0, row: j)[i * residual.voxelStride]
      }
      arguments.rows[j][i] = value
    }
  }
}

/// The sum of one voxel's products, by 16 partial sums.
private func partialSums(_ arguments: OneChannelArguments, i: Int, j: Int) -> Float {
  var sums = SIMD16<Float>.zero
  var weights = arguments.weights
  let edge = arguments.edge
  for index in 0..<arguments.inputCount {
    let input = arguments.inputs[index]
    for tapK in 0..<edge {
      for tapJ in 0..<edge {
        for tapI in 0..<edge {
          let voxel =
            input.table.row(plane: tapK, row: j + tapJ)
            + (i + tapI - edge / 2) * input.table.voxelStride
          for channel in 0..<FeatureLayout.paddedChannels(input.channels) {
            sums[channel % 16] += voxel[channel] * weights[channel]
          }
          weights += FeatureLayout.paddedChannels(input.channels)
        }
      }
    }
  }
  let eight = sums.lowHalf + sums.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

private func referenceExponentialUnits(_ arguments: ExponentialUnitArguments) {
  for voxel in 0..<arguments.voxels {
    for channel in 0..<arguments.channels {
      let place = voxel * arguments.channels + channel
      let value = arguments.shift[channel] + arguments.source[place] * arguments.scale[channel]
      arguments.target[place] = value > 0 ? value : expm1f(value)
    }
  }
}
