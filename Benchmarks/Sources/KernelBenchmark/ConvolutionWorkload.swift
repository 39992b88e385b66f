import KernelInterface

extension Workload {
  /// A layer on the region of ``Shapes``, with bias and ReLU.
  static func convolution(_ shape: ConvolutionShape, _ table: KernelTable) -> Workload {
    let outputs = FeatureLayout.paddedChannels(shape.outputs)
    let reduction = shape.inputs.reduce(0, +) * shape.extent * shape.extent * shape.extent
    let inputs = UnsafeMutablePointer<ConvolutionInput>.allocate(capacity: shape.inputs.count)
    for (index, channels) in shape.inputs.enumerated() {
      inputs[index] = input(channels: channels)
    }
    let map = FeatureMap(channels: outputs, isRandom: false)
    let arguments = ConvolutionArguments(
      inputs: inputs, inputCount: shape.inputs.count,
      weights: Memory.random(outputs * reduction, divisor: Float(reduction)),
      bias: Memory.random(outputs),
      output: ConvolutionOutput(
        voxels: map.origin, voxelStride: outputs, rowStride: map.rowStride,
        planeStride: map.planeStride, channels: outputs),
      residual: nil, rectified: true, width: Shapes.width, rows: 0..<Shapes.rows,
      planes: 0..<Shapes.planes,
      scratch: Memory.zeros(table.convolutionScratch(Shapes.width, outputs)))
    let kernel = shape.extent == 3 ? table.convolve3x3x3 : table.convolve1x1x1
    let voxels = Shapes.width * Shapes.rows * Shapes.planes
    return Workload(
      name: shape.name, operations: 2 * shape.multiplyAdds * voxels, run: { kernel(arguments) })
  }

  private static func input(channels: Int) -> ConvolutionInput {
    let voxelStride = channels == 1 ? 1 : FeatureLayout.paddedChannels(channels)
    let map = FeatureMap(channels: voxelStride, isRandom: true)
    return ConvolutionInput(
      voxels: map.origin, voxelStride: voxelStride, rowStride: map.rowStride,
      planeStride: map.planeStride, channels: channels)
  }
}

/// A map `[k][j][i][c]` over the region of ``Shapes`` with a halo of one voxel.
private struct FeatureMap {
  let origin: UnsafeMutablePointer<Float>
  let rowStride: Int
  let planeStride: Int

  init(channels: Int, isRandom: Bool) {
    rowStride = (Shapes.width + 2) * channels
    planeStride = (Shapes.rows + 2) * rowStride
    let count = (Shapes.planes + 2) * planeStride
    let memory = isRandom ? Memory.random(count) : Memory.zeros(count)
    origin = memory + planeStride + rowStride + channels
  }
}
