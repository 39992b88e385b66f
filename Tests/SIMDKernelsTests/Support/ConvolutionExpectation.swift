import KernelInterface

/// Convolutions straight from their definition, independent of packing and kernels.
extension ConvolutionOperands {
  /// One step of a sum: a value of an input and its weight.
  typealias Step = (value: Float, weight: Float)

  /// The steps of one output in the documented order: inputs, taps (i fastest), channels.
  func forEachStep(
    output: Int, i: Int, j: Int, k: Int, _ body: (Step) -> Void
  ) {
    let extent = problem.extent
    let offset = extent / 2
    var firstChannel = 0
    for (operand, map) in zip(problem.operands, maps) {
      for tap in 0..<(extent * extent * extent) {
        let voxel = index(
          operand.voxelStride, i + tap % extent - offset, j + tap / extent % extent - offset,
          k + tap / (extent * extent) - offset)
        for channel in 0..<operand.channels {
          body((map[voxel + channel], weight(output, firstChannel + channel, tap)))
        }
      }
      firstChannel += operand.channels
    }
  }

  /// Every output in double precision, `[k][j][i][paddedOutputs]`, with the largest rounding error
  /// that float32 arithmetic in any order of the sum can make.
  func expected() -> (values: [Double], bounds: [Double]) {
    var values: [Double] = []
    var bounds: [Double] = []
    forEachOutput { output, voxel, i, j, k in
      var sum = Double(bias[output])
      var magnitude = abs(sum)
      if output < problem.outputs {
        forEachStep(output: output, i: i, j: j, k: k) { step in
          let product = Double(step.value) * Double(step.weight)
          sum += product
          magnitude += abs(product)
        }
      }
      if problem.rectified { sum = max(sum, 0) }
      let added = Double(residual(output: output, voxel: voxel))
      values.append(sum + added)
      // n products, n additions and the residual's: no product passes more than n + 2 roundings.
      let roundings = Double(problem.reduction + 2) * 0x1p-24
      bounds.append((magnitude + abs(added)) * roundings / (1 - roundings))
    }
    return (values, bounds)
  }

  /// Every output in float32, each step rounded as the set does: once (fused) or twice.
  func expectedBytes(fused: Bool) -> [UInt32] {
    var values: [UInt32] = []
    forEachOutput { output, voxel, i, j, k in
      var sum = bias[output]
      if output < problem.outputs {
        forEachStep(output: output, i: i, j: j, k: k) { step in
          sum = fused ? sum.addingProduct(step.value, step.weight) : sum + step.value * step.weight
        }
      }
      if problem.rectified && sum < 0 { sum = 0 }
      if problem.residual != .none { sum += residual(output: output, voxel: voxel) }
      values.append(sum.bitPattern)
    }
    return values
  }

  private func residual(output: Int, voxel: Int) -> Float {
    switch problem.residual {
    case .none: 0
    case .broadcast: residual[voxel]
    case .perChannel: residual[voxel * problem.paddedOutputs + output]
    }
  }

  private func forEachOutput(
    _ body: (_ output: Int, _ voxel: Int, _ i: Int, _ j: Int, _ k: Int) -> Void
  ) {
    for voxel in 0..<problem.voxelCount {
      for output in 0..<problem.paddedOutputs {
        body(
          output, voxel, voxel % problem.width, voxel / problem.width % problem.rows,
          voxel / (problem.width * problem.rows))
      }
    }
  }
}
