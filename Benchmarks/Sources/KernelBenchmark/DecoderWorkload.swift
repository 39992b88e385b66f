import KernelInterface

extension Workload {
  /// Groups of rows between the same LR rows, as a grid of `scale` times the LR size has them; each
  /// group lies between other LR rows.
  ///
  /// Of all hidden units the share `used` is positive at every point, the others are zero and
  /// skipped; nil: none is zero, none is looked for. Operations are those of all units.
  static func decoder(
    _ shape: DecoderShape, _ table: KernelTable, scale: Int, used: Double?, tile: Int
  ) -> Workload {
    let points = scale * Shapes.width
    let groups = 8
    let rowCount = scale * scale
    let hidden = FeatureLayout.paddedChannels(shape.hidden)
    let rowFloats = Shapes.width * 2 * hidden
    let preactivations = UnsafePointer(Memory.random((groups + 4) * rowFloats))
    let layers = UnsafeMutablePointer<DenseLayer>.allocate(capacity: shape.layers.count)
    for (index, layer) in shape.layers.enumerated() {
      layers[index] = dense(inputs: layer.inputs, outputs: layer.outputs, used: used ?? 1)
    }
    let widest = shape.layers.reduce(hidden) {
      max($0, FeatureLayout.paddedChannels($1.outputs))
    }
    let rows = UnsafeMutablePointer<DecodedRow>.allocate(capacity: groups * rowCount)
    for index in 0..<groups * rowCount {
      let first = preactivations + index / rowCount * rowFloats
      rows[index] = DecodedRow(
        sources: (first, first + rowFloats, first + 2 * rowFloats, first + 3 * rowFloats),
        sourceWeights: (0.1, 0.2, 0.3, 0.4), constants: biases(2 * hidden, used: used ?? 1),
        output: Memory.zeros(points))
    }
    var arguments = RowDecoderArguments(
      rows: rows, rowCount: rowCount, rowLength: Shapes.width, hidden: hidden,
      coordinateColumn: Memory.random(2 * hidden), coordinates: Memory.random(points),
      tap0: taps(points, scale, offset: 0), tap1: taps(points, scale, offset: 1),
      weight0: Memory.random(points), weight1: Memory.random(points), count: points,
      stack: LayerStack(
        layers: layers, count: shape.layers.count, skipLayer: shape.layersPerStage - 1,
        outputLayer: OutputLayer(
          weights: Memory.random(hidden), bias: 0.5, inputs: shape.hidden, rectified: true),
        skipsZeros: used != nil),
      tile: tile,
      scratch: Memory.zeros(table.rowDecoderScratch(rowCount, hidden, widest, tile)))
    return Workload(
      name: "\(shape.name)/x\(scale)" + (used.map { "/\(Int((100 * $0).rounded())) % used" } ?? ""),
      operations: 2 * shape.multiplyAdds(scale: scale) * points * groups * rowCount,
      run: {
        for group in 0..<groups {
          arguments.rows = UnsafePointer(rows + group * rowCount)
          table.decodeRows(arguments)
        }
      })
  }

  private static func dense(inputs: Int, outputs: Int, used: Double) -> DenseLayer {
    let padded = FeatureLayout.paddedChannels(outputs)
    return DenseLayer(
      weights: Memory.random(padded * inputs, divisor: Float(inputs)),
      bias: biases(padded, used: used), inputs: inputs, outputs: padded, rectified: true)
  }

  /// Biases that alone decide the sign of a sum.
  private static func biases(_ count: Int, used: Double) -> UnsafeMutablePointer<Float> {
    let biases = Memory.random(count)
    for index in 0..<count { biases[index] = Double(biases[index]) < 2 * used - 1 ? 100 : -100 }
    return biases
  }

  private static func taps(
    _ points: Int, _ scale: Int, offset: Int
  ) -> UnsafePointer<Int32> {
    let taps = UnsafeMutablePointer<Int32>.allocate(capacity: points)
    for point in 0..<points {
      taps[point] = Int32(min(max((point + scale / 2) / scale - 1 + offset, 0), Shapes.width - 1))
    }
    return UnsafePointer(taps)
  }
}
