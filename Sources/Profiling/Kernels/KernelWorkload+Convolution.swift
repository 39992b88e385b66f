import KernelInterface
import Workers

extension KernelWorkload {
  /// A layer on the region of ``KernelShapes``, with bias and ReLU.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public static func convolution(
    _ shape: ConvolutionShape, _ table: KernelTable
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
    let scratch = try memory.zeros(table.convolutionScratch(KernelShapes.width, outputs))
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
    let kernel = shape.extent == 3 ? table.convolve3x3x3 : table.convolve1x1x1
    let voxels = KernelShapes.width * KernelShapes.rows * KernelShapes.planes
    let strides = maps.reduce(outputs) { $0 + $1.channels }
    return KernelWorkload(
      name: shape.name, operations: 2 * shape.multiplyAdds * voxels, voxels: voxels,
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
