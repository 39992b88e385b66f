import KernelInterface
import Workers

extension KernelWorkload {
  /// Groups of rows between the same LR rows; each group lies between other LR rows.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public static func decoder(
    _ decoder: DecoderRun, _ table: KernelTable, tile: Int
  ) throws(WorkersError) -> KernelWorkload {
    let memory = WorkloadMemory()
    let (shape, scale, used) = (decoder.shape, decoder.scale, decoder.used)
    let points = scale * KernelShapes.width
    let groups = 8
    let rowCount = scale * scale
    let hidden = FeatureLayout.paddedChannels(shape.hidden)
    let rowFloats = KernelShapes.width * 2 * hidden
    let preactivations = UnsafePointer(try memory.random((groups + 4) * rowFloats))
    var dense: [DenseLayer] = []
    for layer in shape.layers {
      dense.append(
        try Self.dense(
          inputs: layer.inputs, outputs: layer.outputs, used: used ?? 1, decoder.precision, memory))
    }
    let widest = shape.layers.reduce(hidden) {
      max($0, FeatureLayout.paddedChannels($1.outputs))
    }
    var rows: [DecodedRow] = []
    for index in 0..<groups * rowCount {
      let first = preactivations + index / rowCount * rowFloats
      rows.append(
        DecodedRow(
          sources: (first, first + rowFloats, first + 2 * rowFloats, first + 3 * rowFloats),
          sourceWeights: (0.1, 0.2, 0.3, 0.4),
          constants: try biases(2 * hidden, used: used ?? 1, memory),
          output: try memory.zeros(points)))
    }
    let counts = try memory.elements([UnitCount](repeating: UnitCount(), count: dense.count))
    var arguments = RowDecoderArguments(
      rows: try memory.elements(rows), rowCount: rowCount, rowLength: KernelShapes.width,
      hidden: hidden, coordinateColumn: try memory.random(2 * hidden),
      coordinates: try memory.random(points), tap0: try taps(points, scale, offset: 0, memory),
      tap1: try taps(points, scale, offset: 1, memory), weight0: try memory.random(points),
      weight1: try memory.random(points), count: points,
      stack: LayerStack(
        layers: try memory.elements(dense), count: dense.count,
        skipLayer: shape.layersPerStage - 1,
        outputLayer: OutputLayer(
          weights: try memory.random(hidden), bias: 0.5, inputs: shape.hidden, rectified: true),
        skipsZeros: used != nil, unitCounts: counts),
      tile: tile,
      scratch: try memory.zeros(table.rowDecoderScratch(rowCount, hidden, widest, tile)))
    let made = points * groups * rowCount
    let operations = 2 * shape.multiplyAdds(scale: scale) * made
    let firstRows = arguments.rows
    return KernelWorkload(
      name: decoder.name, operations: operations, voxels: made,
      bytes: 4 * groups * rowCount * (4 * rowFloats + points),
      run: {
        withExtendedLifetime(memory) {
          for group in 0..<groups {
            arguments.rows = firstRows + group * rowCount
            table.decodeRows(arguments)
          }
        }
      },
      executed: used == nil
        ? nil
        : {
          withExtendedLifetime(memory) {
            let skipped = shape.layers.enumerated().reduce(0.0) { sum, layer in
              let count = counts[layer.offset]
              let share = count.all > 0 ? Double(count.used) / Double(count.all) : 1
              return sum + (1 - share) * Double(layer.element.inputs * layer.element.outputs)
            }
            return operations - Int(skipped) * 2 * made
          }
        })
  }

  private static func dense(
    inputs: Int, outputs: Int, used: Double, _ precision: Precision, _ memory: WorkloadMemory
  ) throws(WorkersError) -> DenseLayer {
    let leftOver = DenseLayer.leftOver(inputs: inputs, outputs: outputs)
    let padded = FeatureLayout.paddedChannels(outputs)
    let weights = try memory.random(padded * (inputs + 1), divisor: Float(inputs))
    if precision == .bfloat16 {
      let pairs = padded * (inputs + 1) / 2
      for index in 0..<pairs {
        weights[index] = BFloat16.pair(weights[index], weights[index + pairs])
      }
    }
    return DenseLayer(
      weights: weights, bias: try biases(padded, used: used, memory), inputs: inputs,
      outputs: padded - FeatureLayout.paddedChannels(leftOver), leftOver: leftOver, rectified: true,
      precision: precision)
  }

  /// Biases that alone decide the sign of a sum.
  private static func biases(
    _ count: Int, used: Double, _ memory: WorkloadMemory
  ) throws(WorkersError) -> UnsafeMutablePointer<Float> {
    let biases = try memory.random(count)
    for index in 0..<count { biases[index] = Double(biases[index]) < 2 * used - 1 ? 100 : -100 }
    return biases
  }

  private static func taps(
    _ points: Int, _ scale: Int, offset: Int, _ memory: WorkloadMemory
  ) throws(WorkersError) -> UnsafePointer<Int32> {
    UnsafePointer(
      try memory.elements(
        (0..<points).map { point in
          Int32(
            min(max((point + scale / 2) / scale - 1 + offset, 0), KernelShapes.width - 1))
        }))
  }
}
