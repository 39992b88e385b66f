import KernelInterface

extension DecoderPass {
  /// Adds the gradients of all layers' weights over a chunk of points to sums in the order of the
  /// parameters.
  func addWeightGradients(
    points: Int, _ memory: DecoderMemory, into sums: UnsafeMutablePointer<Float>
  ) {
    let tiles = DecoderShape.parts(of: 0..<points, length: DecoderMemory.tile)
    let half = decoder.layers.count / 2
    for (index, layer) in decoder.layers.enumerated() {
      let weights = sums + layer.weights - decoder.firstParameter
      if layer.isRow {
        // The last layer's gradients are its inputs, weighted by the output's gradient.
        for tile in tiles {
          add(
            memory.outputs.pointer + tile.lowerBound, stride: 1, inputs: 1,
            memory.stageTwo[half - 2], tile, into: weights)
        }
        continue
      }
      let inputs = memory.input(ofLayer: index)
      let gradients =
        index < half ? memory.stageOneGradients[index] : memory.stageTwoGradients[index - half]
      for tile in tiles {
        if precision == .bfloat16 {
          addPairs(inputs, layer.inputs, gradients, tile, memory, into: weights)
        } else {
          add(
            inputs.row(tile.lowerBound), stride: inputs.stride, inputs: layer.inputs, gradients,
            tile, into: weights)
        }
        withUnsafePointer(to: UnsafePointer(gradients.row(tile.lowerBound))) { row in
          add(
            ones.rows, stride: 0, inputs: 1, row, stride: gradients.stride, count: tile.count,
            into: weights + layer.weightCount, table.training.addWeightGradient)
        }
      }
    }
  }

  private func add(
    _ inputs: UnsafePointer<Float>, stride: Int, inputs count: Int, _ gradients: PointMap,
    _ points: Range<Int>, into sums: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: inputs) { inputs in
      withUnsafePointer(to: UnsafePointer(gradients.row(points.lowerBound))) { row in
        add(
          inputs, stride: stride, inputs: count, row, stride: gradients.stride,
          count: points.count, into: sums, table.training.addWeightGradient)
      }
    }
  }

  /// The same in bfloat16, two points at a time.
  private func addPairs(
    _ inputs: PointMap, _ count: Int, _ gradients: PointMap, _ points: Range<Int>,
    _ memory: DecoderMemory, into sums: UnsafeMutablePointer<Float>
  ) {
    func pair(_ map: PointMap, _ target: UnsafeMutablePointer<Float>) {
      table.training.pairRows(
        PairRowsArguments(
          rows: map.row(points.lowerBound), stride: map.stride, count: points.count,
          length: map.stride, pairs: target))
    }
    let (first, second) = (memory.pairs[0].pointer, memory.pairs[1].pointer)
    pair(inputs, first)
    pair(gradients, second)
    withUnsafePointer(to: UnsafePointer(first)) { inputRow in
      withUnsafePointer(to: UnsafePointer(second)) { gradientRow in
        add(
          inputRow, stride: inputs.stride, inputs: count, gradientRow, stride: gradients.stride,
          count: (points.count + 1) / 2, into: sums, table.training.addWeightGradientPairs)
      }
    }
  }

  private func add(
    _ inputs: UnsafePointer<UnsafePointer<Float>>, stride: Int, inputs count: Int,
    _ gradients: UnsafePointer<UnsafePointer<Float>>, stride outputs: Int, count points: Int,
    into sums: UnsafeMutablePointer<Float>, _ kernel: (WeightGradientArguments) -> Void
  ) {
    kernel(
      WeightGradientArguments(
        inputs: inputs, inputOffset: 0, inputStride: stride, inputCount: count,
        gradients: gradients, gradientStride: outputs, gradientCount: outputs, rowCount: 1,
        width: points, sums: sums, sumStride: outputs))
  }
}

extension DecoderMemory {
  /// What a layer reads.
  func input(ofLayer layer: Int) -> PointMap {
    let half = stageOne.count
    if layer == 0 { return inputs }
    if layer < half { return stageOne[layer - 1] }
    return layer == half ? skip : stageTwo[layer - half - 1]
  }
}
