import KernelInterface

/// Plain loops over `RowDecoderArguments`, point by point.
func referenceRowDecoder(_ arguments: RowDecoderArguments) {
  let hidden = arguments.hidden
  let stack = arguments.stack
  let widest = widestLayer(stack, atLeast: hidden)
  let skip = arguments.scratch + 2 * widest
  for rowIndex in 0..<arguments.rowCount {
    let row = arguments.rows[rowIndex]
    for point in 0..<arguments.count {
      var values = arguments.scratch
      var results = values + widest
      for index in 0..<hidden {
        values[index] = rectified(preactivation(arguments, row, point: point, index: index))
        skip[index] = preactivation(arguments, row, point: point, index: hidden + index)
      }
      for index in 0..<stack.count {
        let layer = stack.layers[index]
        apply(
          layer, to: values, start: index == stack.skipLayer ? UnsafePointer(skip) : layer.bias,
          into: results)
        swap(&values, &results)
      }
      row.output[point] = intensity(stack.outputLayer, values)
    }
  }
}

/// Plain loops over `PointDecoderArguments`, point by point.
func referencePointDecoder(_ arguments: PointDecoderArguments) {
  let inputCount = arguments.channels + arguments.coordinateCount
  let padded = FeatureLayout.paddedChannels(inputCount)
  let stack = arguments.stack
  let widest = widestLayer(stack, atLeast: padded)
  let inputs = arguments.scratch
  for index in inputCount..<padded { inputs[index] = 0 }
  for point in 0..<arguments.count {
    for index in 0..<arguments.channels {
      inputs[index] = interpolatedFeature(arguments, point: point, channel: index)
    }
    for index in 0..<arguments.coordinateCount {
      inputs[arguments.channels + index] =
        arguments.coordinates[point * arguments.coordinateCount + index]
    }
    var values = inputs
    var results = inputs + padded
    var other = results + widest
    for index in 0..<stack.count {
      let layer = stack.layers[index]
      apply(layer, to: values, start: layer.bias, into: results)
      if index + 1 == stack.skipLayer {
        for channel in 0..<layer.outputs + layer.leftOver { results[channel] += inputs[channel] }
      }
      values = results
      swap(&results, &other)
    }
    arguments.output[point] = intensity(stack.outputLayer, values)
  }
}

private func widestLayer(_ stack: LayerStack, atLeast: Int) -> Int {
  (0..<stack.count).reduce(atLeast) { max($0, stack.layers[$1].paddedOutputs) }
}

/// Values that are not positive become +0; NaN stays NaN.
private func rectified(_ value: Float) -> Float { value <= 0 ? 0 : value }

private func preactivation(
  _ arguments: RowDecoderArguments, _ row: DecodedRow, point: Int, index: Int
) -> Float {
  let stride = 2 * arguments.hidden
  func blended(_ voxel: Int32) -> Float {
    let position = Int(voxel) * stride + index
    var sum = row.sourceWeights.0 * row.sources.0[position]
    sum += row.sourceWeights.1 * row.sources.1[position]
    sum += row.sourceWeights.2 * row.sources.2[position]
    return sum + row.sourceWeights.3 * row.sources.3[position]
  }
  var sum = row.constants[index]
  sum += arguments.coordinates[point] * arguments.coordinateColumn[index]
  sum += arguments.weight0[point] * blended(arguments.tap0[point])
  return sum + arguments.weight1[point] * blended(arguments.tap1[point])
}

private func interpolatedFeature(
  _ arguments: PointDecoderArguments, point: Int, channel: Int
) -> Float {
  let taps = arguments.taps + 8 * point
  let weights = arguments.tapWeights + 8 * point
  var sum = weights[0] * arguments.features[taps[0] + channel]
  for tap in 1..<8 { sum += weights[tap] * arguments.features[taps[tap] + channel] }
  return sum
}

/// One dense layer on one point, its sums starting from `start`.
private func apply(
  _ layer: DenseLayer, to values: UnsafeMutablePointer<Float>, start: UnsafePointer<Float>,
  into results: UnsafeMutablePointer<Float>
) {
  for channel in stride(from: 0, to: layer.outputs, by: referencePanelWidth) {
    let sums = results + channel
    for lane in 0..<referencePanelWidth { sums[lane] = start[channel + lane] }
    var weights = layer.weights + channel * layer.steps
    for step in 0..<layer.steps {
      switch layer.precision {
      case .float32: addProduct(of: values[step], and: weights, to: sums)
      case .bfloat16:
        addProducts(of: values[2 * step], values[2 * step + 1], and: weights, to: sums)
      }
      weights += referencePanelWidth
    }
    guard layer.rectified else { continue }
    for lane in 0..<referencePanelWidth { sums[lane] = rectified(sums[lane]) }
  }
  for output in layer.outputs..<layer.paddedOutputs {
    guard output < layer.outputs + layer.leftOver else {
      results[output] = 0
      continue
    }
    let sum = leftOverSum(layer, values, layer.weights + output * layer.steps) + start[output]
    results[output] = layer.rectified ? rectified(sum) : sum
  }
}

/// 16 partial sums by step modulo 16, added as a tree.
private func leftOverSum(
  _ layer: DenseLayer, _ values: UnsafeMutablePointer<Float>, _ weights: UnsafePointer<Float>
) -> Float {
  var sums = SIMD16<Float>.zero
  for step in 0..<layer.steps {
    switch layer.precision {
    case .float32: sums[step % 16] += values[step] * weights[step]
    case .bfloat16:
      let pair = BFloat16.values(weights[step])
      let first = BFloat16.rounded(values[2 * step])
      let second = BFloat16.rounded(values[2 * step + 1])
      sums[step % 16] = (sums[step % 16] + first * pair.0) + second * pair.1
    }
  }
  return treeSum(sums)
}

/// Lanes added 8, 4, 2 and 1 apart.
private func treeSum(_ sums: SIMD16<Float>) -> Float {
  let eight = sums.lowHalf + sums.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// The output layer on one point: 16 partial sums by channel modulo 16, added as a tree.
private func intensity(_ layer: OutputLayer, _ values: UnsafeMutablePointer<Float>) -> Float {
  var sums = SIMD16<Float>.zero
  for step in stride(from: 0, to: layer.inputs, by: 16) {
    for lane in 0..<16 { sums[lane] += values[step + lane] * layer.weights[step + lane] }
  }
  let result = treeSum(sums) + layer.bias
  return layer.rectified && result < 0 ? 0 : result
}
