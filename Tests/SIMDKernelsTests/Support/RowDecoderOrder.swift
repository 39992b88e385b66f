import KernelInterface

/// The fused row decoder in float32, step by step in the order that `RowDecoderArguments` documents.
extension RowDecoderOperands {
  /// The bytes of every intensity, each step rounded once (fused) or twice.
  ///
  /// In bfloat16 the dense layers' weights and inputs are rounded; their products are exact then, so
  /// that one rounding and two are the same.
  func expectedBytes(fused: Bool, precision: Precision = .float32) -> [UInt32] {
    let arithmetic = Arithmetic(fused: fused, precision: precision)
    let preactivations = rows.map(preactivation)
    return places.map { line, point in
      let interpolated = interpolated(preactivations, line, point: point, arithmetic)
      let hidden = problem.paddedHidden
      var values = interpolated[..<problem.hidden].map { max($0, 0) }
      for layer in weights.stageOne.dropFirst() {
        values = arithmetic.layer(layer, values, start: layer.bias).map { max($0, 0) }
      }
      let skip = Array(interpolated[hidden..<hidden + problem.hidden])
      for (index, layer) in weights.stageTwo.dropLast().enumerated() {
        values = arithmetic.layer(layer, values, start: index == 0 ? skip : layer.bias)
          .map { max($0, 0) }
      }
      let result = arithmetic.output(weights.stageTwo[problem.depth - 1], values)
      return (problem.finalReLU ? max(result, 0) : result).bitPattern
    }
  }

  private func interpolated(
    _ preactivations: [[Float]], _ line: Line, point: Int, _ arithmetic: Arithmetic
  ) -> [Float] {
    let constants = constantTerms(line)
    let column = columnTerms()
    return constants.indices.map { index in
      func blended(_ voxel: Int) -> Float {
        let position = voxel * constants.count + index
        let values = line.sources.map { preactivations[$0][position] }
        return (1..<4).reduce(line.sourceWeights[0] * values[0]) { sum, source in
          arithmetic.add(sum, line.sourceWeights[source], values[source])
        }
      }
      var sum = arithmetic.add(constants[index], coordinates[point], column[index])
      sum = arithmetic.add(sum, tapWeights[point].0, blended(taps[point].0))
      return arithmetic.add(sum, tapWeights[point].1, blended(taps[point].1))
    }
  }
}

/// One rounding per step or two.
private struct Arithmetic {
  var fused: Bool
  /// Of what dense layers multiply.
  var precision: Precision

  private func stored(_ value: Float) -> Float {
    precision == .bfloat16 ? BFloat16.rounded(value) : value
  }

  func add(_ sum: Float, _ a: Float, _ b: Float) -> Float {
    fused ? sum.addingProduct(a, b) : sum + a * b
  }

  func layer(_ layer: PlainLayer, _ values: [Float], start: [Float]) -> [Float] {
    let leftOver = DenseLayer.leftOver(inputs: layer.inputs, outputs: layer.outputs)
    return (0..<layer.outputs).map { output in
      if output >= layer.outputs - leftOver {
        return leftOverSum(layer, output, values) + start[output]
      }
      var sum = start[output]
      for input in 0..<layer.inputs {
        sum = add(
          sum, stored(values[input]), stored(layer.weights[output * layer.inputs + input]))
      }
      return sum
    }
  }

  /// 16 partial sums by step modulo 16, a step being an input or a pair of them, then the tree.
  private func leftOverSum(_ layer: PlainLayer, _ output: Int, _ values: [Float]) -> Float {
    var partial = [Float](repeating: 0, count: 16)
    for input in 0..<layer.inputs {
      let lane = (precision == .float32 ? input : input / 2) % 16
      let weight = layer.weights[output * layer.inputs + input]
      partial[lane] = add(partial[lane], stored(values[input]), stored(weight))
    }
    return treeSum(partial)
  }

  /// 16 partial sums by input modulo 16, then the tree, then the bias.
  func output(_ layer: PlainLayer, _ values: [Float]) -> Float {
    var partial = [Float](repeating: 0, count: 16)
    for input in 0..<layer.inputs {
      partial[input % 16] = add(partial[input % 16], values[input], layer.weights[input])
    }
    return treeSum(partial) + layer.bias[0]
  }

  /// Sums 8, 4, 2 and 1 apart.
  private func treeSum(_ partial: [Float]) -> Float {
    [8, 4, 2, 1].reduce(partial) { partial, distance in
      (0..<distance).map { partial[$0] + partial[$0 + distance] }
    }[0]
  }
}
