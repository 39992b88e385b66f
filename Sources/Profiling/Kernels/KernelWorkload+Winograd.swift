import KernelInterface
import Workers

extension KernelWorkload {
  /// A layer on the region of ``KernelShapes`` by Winograd's algorithm: one slab of four planes.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public static func winograd(
    _ shape: ConvolutionShape, _ table: KernelTable, precision: Precision = .float32
  ) throws(WorkersError) -> KernelWorkload {
    let memory = WorkloadMemory()
    let outputs = FeatureLayout.paddedChannels(shape.outputs)
    let channels = shape.inputs.reduce(0, +)
    var maps: [BenchmarkMap] = []
    for channels in shape.inputs {
      maps.append(
        try BenchmarkMap(
          channels: FeatureLayout.paddedChannels(channels), isRandom: true, memory))
    }
    let map = try BenchmarkMap(channels: outputs, isRandom: false, memory)
    let planes = 0..<KernelShapes.planes
    let inputs = try BenchmarkMap.inputs(shape, maps, planes: planes, memory)
    let rows = planes.flatMap { plane in
      (0..<KernelShapes.rows).map { map.row($0, plane: plane) }
    }
    let output = ConvolutionOutput(
      rows: try memory.elements(rows), voxelStride: outputs, channels: outputs)
    let count = WinogradFilters(
      layout: table.layout, operands: shape.inputs, outputs: shape.outputs, precision: precision
    ).count
    let filters = try memory.random(count, divisor: Float(channels))
    if precision == .bfloat16 {
      for index in 0..<count { filters[index] = BFloat16.pair(filters[index], 0.5) }
    }
    let bias = try memory.random(outputs)
    let strides = maps.reduce(0) { $0 + $1.channels }
    let isFloat32 = precision == .float32
    let scratch = try memory.zeros(
      (isFloat32 ? table.winogradScratch : table.pairWinogradScratch)(strides, outputs))
    let convolve = isFloat32 ? table.convolveWinograd : table.convolveWinogradPairs
    let axes = (
      i: TileAxis(size: KernelShapes.width, phase: 0),
      j: TileAxis(size: KernelShapes.rows, phase: 0)
    )
    let tileK = TileAxis(size: KernelShapes.planes, phase: 0).tile(0)
    let voxels = KernelShapes.width * KernelShapes.rows * KernelShapes.planes
    let products = points(axes.i) * points(axes.j) * (tileK.length + 2)
    return KernelWorkload(
      name: shape.tiledName(precision), operations: 2 * shape.multiplyAdds * voxels, voxels: voxels,
      bytes: 4 * ((strides + outputs) * voxels + count),
      run: {
        withExtendedLifetime(memory) {
          inputs.withUnsafeBufferPointer { inputs in
            guard let first = inputs.baseAddress else { return }
            convolve(
              WinogradArguments(
                inputs: first, inputCount: inputs.count, filters: filters, bias: bias,
                output: output, residual: nil, rectified: true, axes: axes,
                tilesI: 0..<axes.i.count, tilesJ: 0..<axes.j.count, tileK: tileK,
                scratch: scratch))
          }
        }
      },
      executed: { 2 * products * channels * shape.outputs })
  }

  /// Points of all tiles of an axis.
  private static func points(_ axis: TileAxis) -> Int {
    (0..<axis.count).reduce(0) { $0 + axis.tile($1).length + 2 }
  }
}
