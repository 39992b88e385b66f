import KernelInterface
import Workers

extension KernelWorkload {
  /// A layer on the region of ``KernelShapes``, with bias and ReLU.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public static func convolution(
    _ shape: ConvolutionShape, _ table: KernelTable, precision: Precision = .float32
  ) throws(WorkersError) -> KernelWorkload {
    let memory = WorkloadMemory()
    let outputs = FeatureLayout.paddedChannels(shape.outputs)
    let reduction = shape.inputs.reduce(0, +) * shape.extent * shape.extent * shape.extent
    var maps: [BenchmarkMap] = []
    for channels in shape.inputs {
      maps.append(
        try BenchmarkMap(
          channels: channels == 1 ? 1 : FeatureLayout.paddedChannels(channels), isRandom: true,
          memory))
    }
    let map = try BenchmarkMap(channels: outputs, isRandom: false, memory)
    let weights = try memory.random(outputs * reduction, divisor: Float(reduction))
    let bias = try memory.random(outputs)
    let pairs = shape.inputs.reduce(0) { $0 + ($1 + 1) / 2 }
    if precision == .bfloat16 {
      for index in 0..<outputs * pairs { weights[index] = BFloat16.pair(weights[index], 0.5) }
    }
    let scratch = try memory.zeros(
      precision == .float32
        ? table.convolutionScratch(KernelShapes.width, outputs)
        : table.pairConvolutionScratch(KernelShapes.width, pairs, outputs))
    var planes: [(inputs: [ConvolutionInput], output: ConvolutionOutput)] = []
    for plane in 0..<KernelShapes.planes {
      let rows = (0..<KernelShapes.rows).map { map.row($0, plane: plane) }
      planes.append(
        (
          inputs: try BenchmarkMap.inputs(shape, maps, planes: plane..<plane + 1, memory),
          output: ConvolutionOutput(
            rows: try memory.elements(rows), voxelStride: outputs, channels: outputs)
        ))
    }
    let pointwise = precision == .float32 ? table.convolve1x1x1 : table.convolve1x1x1Pairs
    let kernel = shape.extent == 3 ? table.convolve3x3x3 : pointwise
    let voxels = KernelShapes.width * KernelShapes.rows * KernelShapes.planes
    let strides = maps.reduce(outputs) { $0 + $1.channels }
    return KernelWorkload(
      name: shape.name(precision), operations: 2 * shape.multiplyAdds * voxels, voxels: voxels,
      bytes: 4 * (strides * voxels + outputs * reduction),
      run: { [planes] in
        withExtendedLifetime(memory) {
          for (inputs, output) in planes {
            inputs.withUnsafeBufferPointer { inputs in
              guard let first = inputs.baseAddress else { return }
              kernel(
                ConvolutionArguments(
                  inputs: first, inputCount: inputs.count, weights: weights, bias: bias,
                  output: output, residual: nil, rectified: true, width: KernelShapes.width,
                  rowCount: KernelShapes.rows, scratch: scratch))
            }
          }
        }
      })
  }
}
