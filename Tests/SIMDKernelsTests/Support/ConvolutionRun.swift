import KernelInterface

/// A region of a layer: one call of the kernel.
struct Region {
  var rows: Range<Int>
  var planes: Range<Int>
}

extension ConvolutionOperands {
  /// What a run left behind.
  struct Outcome {
    /// `[k][j][i][paddedOutputs]`.
    var values: [Float]
    /// Floats outside the region's channels that were changed, in any buffer.
    var strayWrites: Int
  }

  var wholeLayer: [Region] { [Region(rows: 0..<problem.rows, planes: 0..<problem.planes)] }

  /// Runs the kernel of `table` region by region and collects the output map, whose voxels have
  /// `outputPadding` floats between them.
  func run(_ table: KernelTable, regions: [Region]? = nil, outputPadding: Int = 0) -> Outcome {
    let buffers = maps.map { GuardedBuffer($0, misalignment: 1) }
    let inputs = zip(problem.operands, buffers).map { operand, buffer in
      ConvolutionInput(
        voxels: buffer.pointer + index(operand.voxelStride, 0, 0, 0),
        voxelStride: operand.voxelStride, rowStride: strides(operand.voxelStride).row,
        planeStride: strides(operand.voxelStride).plane, channels: operand.channels)
    }
    let voxelStride = problem.paddedOutputs + outputPadding
    let output = GuardedBuffer(
      guarded: strides(voxelStride).plane * (problem.planes + 2), misalignment: 3)
    let target = ConvolutionOutput(
      voxels: output.pointer + index(voxelStride, 0, 0, 0), voxelStride: voxelStride,
      rowStride: strides(voxelStride).row, planeStride: strides(voxelStride).plane,
      channels: problem.paddedOutputs)
    call(table, inputs: inputs, output: target, regions: regions ?? wholeLayer)
    let values = collect(output, voxelStride: voxelStride)
    let written = output.values.indices.filter { !output.isUntouched($0) }.count
    let inputsAreIntact = zip(maps, buffers).allSatisfy { map, buffer in
      buffer.zonesAreIntact && map.map(\.bitPattern) == buffer.values.map(\.bitPattern)
    }
    return Outcome(
      values: values,
      strayWrites: abs(written - values.count) + (output.zonesAreIntact ? 0 : 1)
        + (inputsAreIntact ? 0 : 1))
  }

  /// Runs an in-place layer: the output overwrites input 0 (which has as many channels).
  func runInPlace(_ table: KernelTable, residualIsOutput: Bool) -> [Float] {
    let buffers = maps.map { GuardedBuffer($0) }
    let inputs = zip(problem.operands, buffers).map { operand, buffer in
      ConvolutionInput(
        voxels: buffer.pointer + index(operand.voxelStride, 0, 0, 0),
        voxelStride: operand.voxelStride, rowStride: strides(operand.voxelStride).row,
        planeStride: strides(operand.voxelStride).plane, channels: operand.channels)
    }
    let stride = problem.operands[0].voxelStride
    let voxels = buffers[0].pointer + index(stride, 0, 0, 0)
    let target = ConvolutionOutput(
      voxels: voxels, voxelStride: stride, rowStride: strides(stride).row,
      planeStride: strides(stride).plane, channels: problem.paddedOutputs)
    let sum = ConvolutionResidual(
      voxels: voxels, voxelStride: stride, rowStride: strides(stride).row,
      planeStride: strides(stride).plane, isBroadcast: false)
    call(
      table, inputs: inputs, output: target, residual: residualIsOutput ? sum : nil,
      regions: wholeLayer)
    return collect(buffers[0], voxelStride: stride)
  }

  private func call(
    _ table: KernelTable, inputs: [ConvolutionInput], output: ConvolutionOutput,
    residual inPlaceResidual: ConvolutionResidual? = nil, regions: [Region]
  ) {
    let weights = GuardedBuffer(packedWeights(table.layout))
    let biases = GuardedBuffer(bias)
    let residuals = GuardedBuffer(residual, misalignment: 2)
    let scratch = GuardedBuffer(
      guarded: table.convolutionScratch(problem.width, problem.paddedOutputs))
    let residualStride = problem.residual == .broadcast ? 1 : problem.paddedOutputs
    let operand = ConvolutionResidual(
      voxels: residuals.pointer, voxelStride: residualStride,
      rowStride: problem.width * residualStride,
      planeStride: problem.rows * problem.width * residualStride,
      isBroadcast: problem.residual == .broadcast)
    let kernel = problem.extent == 3 ? table.convolve3x3x3 : table.convolve1x1x1
    inputs.withUnsafeBufferPointer { list in
      guard let first = list.baseAddress else { return }
      for region in regions {
        kernel(
          ConvolutionArguments(
            inputs: first, inputCount: list.count, weights: weights.pointer, bias: biases.pointer,
            output: output,
            residual: inPlaceResidual ?? (problem.residual == .none ? nil : operand),
            rectified: problem.rectified, width: problem.width, rows: region.rows,
            planes: region.planes, scratch: scratch.pointer))
      }
    }
    precondition(scratch.zonesAreIntact, "scratch overrun: \(problem)")
  }

  /// Packs by the public rule: `[input][tap][channel]` within a panel.
  private func packedWeights(_ layout: PackedLayout) -> [Float] {
    var sources: [Int] = []
    let taps = problem.extent * problem.extent * problem.extent
    var firstChannel = 0
    for operand in problem.operands {
      for tap in 0..<taps {
        for channel in 0..<operand.channels {
          sources.append((firstChannel + channel) * taps + tap)
        }
      }
      firstChannel += operand.channels
    }
    var packed = [Float](repeating: .nan, count: problem.paddedOutputs * problem.reduction)
    layout.pack(
      weights, rowLength: problem.reduction, outputs: problem.outputs,
      paddedOutputs: problem.paddedOutputs,
      reduction: problem.reduction, source: { sources[$0] }, into: &packed)
    return packed
  }

  private func collect(_ buffer: GuardedBuffer, voxelStride: Int) -> [Float] {
    var values: [Float] = []
    for k in 0..<problem.planes {
      for j in 0..<problem.rows {
        for i in 0..<problem.width {
          let voxel = index(voxelStride, i, j, k)
          for channel in 0..<problem.paddedOutputs {
            values.append(buffer.pointer[voxel + channel])
          }
        }
      }
    }
    return values
  }
}
