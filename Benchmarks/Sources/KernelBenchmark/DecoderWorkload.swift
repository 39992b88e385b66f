import KernelInterface

extension Workload {
  /// Rows of points at scale 2, each between other LR rows.
  static func decoder(_ shape: DecoderShape, _ table: KernelTable, tile: Int) -> Workload {
    let points = 2 * Shapes.width
    let rowsPerRun = 8
    let hidden = FeatureLayout.paddedChannels(shape.hidden)
    let rowFloats = Shapes.width * 2 * hidden
    let preactivations = Memory.random((rowsPerRun + 4) * rowFloats)
    let layers = UnsafeMutablePointer<DenseLayer>.allocate(capacity: shape.layers.count)
    for (index, layer) in shape.layers.enumerated() {
      layers[index] = dense(inputs: layer.inputs, outputs: layer.outputs)
    }
    let widest = shape.layers.reduce(hidden) {
      max($0, FeatureLayout.paddedChannels($1.outputs))
    }
    var arguments = RowDecoderArguments(
      rows: (
        UnsafePointer(preactivations), UnsafePointer(preactivations),
        UnsafePointer(preactivations), UnsafePointer(preactivations)
      ),
      rowWeights: (0.1, 0.2, 0.3, 0.4), rowLength: Shapes.width, hidden: hidden,
      constants: Memory.random(2 * hidden), coordinateColumn: Memory.random(2 * hidden),
      coordinates: Memory.random(points), tap0: taps(points, offset: 0),
      tap1: taps(points, offset: 1), weight0: Memory.random(points),
      weight1: Memory.random(points), count: points, layers: layers,
      layerCount: shape.layers.count, skipLayer: shape.layersPerStage - 1,
      outputLayer: OutputLayer(
        weights: Memory.random(hidden), bias: 0.5, inputs: shape.hidden, rectified: true),
      output: Memory.zeros(points), tile: tile,
      scratch: Memory.zeros(table.rowDecoderScratch(Shapes.width, hidden, widest, tile)))
    return Workload(
      name: shape.name, operations: 2 * shape.multiplyAdds * points * rowsPerRun,
      run: {
        for row in 0..<rowsPerRun {
          let first = UnsafePointer(preactivations + row * rowFloats)
          arguments.rows = (
            first, first + rowFloats, first + 2 * rowFloats, first + 3 * rowFloats
          )
          table.decodeRow(arguments)
        }
      })
  }

  private static func dense(inputs: Int, outputs: Int) -> DenseLayer {
    let padded = FeatureLayout.paddedChannels(outputs)
    return DenseLayer(
      weights: Memory.random(padded * inputs, divisor: Float(inputs).squareRoot()),
      bias: Memory.random(padded), inputs: inputs, outputs: padded, rectified: true)
  }

  private static func taps(_ points: Int, offset: Int) -> UnsafePointer<Int32> {
    let taps = UnsafeMutablePointer<Int32>.allocate(capacity: points)
    for point in 0..<points {
      taps[point] = Int32(min(max((point - 1) / 2 + offset, 0), Shapes.width - 1))
    }
    return UnsafePointer(taps)
  }
}
