import KernelInterface

extension Workload {
  /// A layer on the region of ``Shapes``, with bias and ReLU.
  static func convolution(_ shape: ConvolutionShape, _ table: KernelTable) -> Workload {
    let outputs = FeatureLayout.paddedChannels(shape.outputs)
    let reduction = shape.inputs.reduce(0, +) * shape.extent * shape.extent * shape.extent
    let maps = shape.inputs.map {
      FeatureMap(channels: $0 == 1 ? 1 : FeatureLayout.paddedChannels($0), isRandom: true)
    }
    let map = FeatureMap(channels: outputs, isRandom: false)
    let weights = Memory.random(outputs * reduction, divisor: Float(reduction))
    let bias = Memory.random(outputs)
    let scratch = Memory.zeros(table.convolutionScratch(Shapes.width, outputs))
    let planes = (0..<Shapes.planes).map { plane in
      ConvolutionArguments(
        inputs: inputs(shape, maps, plane: plane), inputCount: maps.count, weights: weights,
        bias: bias,
        output: ConvolutionOutput(
          rows: copied((0..<Shapes.rows).map { map.row($0, plane: plane) }), voxelStride: outputs,
          channels: outputs),
        residual: nil, rectified: true, width: Shapes.width, rowCount: Shapes.rows,
        scratch: scratch)
    }
    let kernel = shape.extent == 3 ? table.convolve3x3x3 : table.convolve1x1x1
    let voxels = Shapes.width * Shapes.rows * Shapes.planes
    return Workload(
      name: shape.name, operations: 2 * shape.multiplyAdds * voxels,
      run: { for plane in planes { kernel(plane) } })
  }

  private static func inputs(
    _ shape: ConvolutionShape, _ maps: [FeatureMap], plane: Int
  ) -> UnsafePointer<ConvolutionInput> {
    let reach = shape.extent / 2
    return copied(
      zip(shape.inputs, maps).map { channels, map in
        let rows = (plane - reach...plane + reach).flatMap { plane in
          (-reach..<Shapes.rows + reach).map { UnsafePointer(map.row($0, plane: plane)) }
        }
        return ConvolutionInput(
          table: RowTable(
            rows: copied(rows), rowsPerPlane: Shapes.rows + 2 * reach, voxelStride: map.channels),
          channels: channels)
      })
  }

  /// A copy that is never freed, like all memory of the benchmark.
  private static func copied<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    for (index, element) in elements.enumerated() { (copy + index).initialize(to: element) }
    return UnsafePointer(copy)
  }
}

/// A map `[k][j][i][c]` over the region of ``Shapes`` with a halo of one voxel.
private struct FeatureMap {
  let channels: Int
  private let origin: UnsafeMutablePointer<Float>
  private let rowStride: Int
  private let planeStride: Int

  init(channels: Int, isRandom: Bool) {
    self.channels = channels
    rowStride = (Shapes.width + 2) * channels
    planeStride = (Shapes.rows + 2) * rowStride
    let count = (Shapes.planes + 2) * planeStride
    let memory = isRandom ? Memory.random(count) : Memory.zeros(count)
    origin = memory + planeStride + rowStride + channels
  }

  /// Channel 0 of the first voxel of a row.
  func row(_ row: Int, plane: Int) -> UnsafeMutablePointer<Float> {
    origin + plane * planeStride + row * rowStride
  }
}
