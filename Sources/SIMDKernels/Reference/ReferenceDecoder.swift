import KernelInterface

/// Plain loops over `RowDecoderArguments`, point by point.
func referenceRowDecoder(_ arguments: RowDecoderArguments) {
  let hidden = arguments.hidden
  let widest = widestLayer(arguments.layers, arguments.layerCount, atLeast: hidden)
  let skip = arguments.scratch + 2 * widest
  for point in 0..<arguments.count {
    var values = arguments.scratch
    var results = values + widest
    for index in 0..<hidden {
      let sum = preactivation(arguments, point: point, index: index)
      values[index] = sum < 0 ? 0 : sum
      skip[index] = preactivation(arguments, point: point, index: hidden + index)
    }
    for index in 0..<arguments.layerCount {
      let layer = arguments.layers[index]
      apply(
        layer, to: values, start: index == arguments.skipLayer ? UnsafePointer(skip) : layer.bias,
        into: results)
      swap(&values, &results)
    }
    arguments.output[point] = intensity(arguments.outputLayer, values)
  }
}

/// Plain loops over `PointDecoderArguments`, point by point.
func referencePointDecoder(_ arguments: PointDecoderArguments) {
  let inputCount = arguments.channels + arguments.coordinateCount
  let padded = FeatureLayout.paddedChannels(inputCount)
  let widest = widestLayer(arguments.layers, arguments.layerCount, atLeast: padded)
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
    for index in 0..<arguments.layerCount {
      let layer = arguments.layers[index]
      apply(layer, to: values, start: layer.bias, into: results)
      if index + 1 == arguments.skipLayer {
        for channel in 0..<layer.outputs { results[channel] += inputs[channel] }
      }
      values = results
      swap(&results, &other)
    }
    arguments.output[point] = intensity(arguments.outputLayer, values)
  }
}

private func widestLayer(_ layers: UnsafePointer<DenseLayer>, _ count: Int, atLeast: Int) -> Int {
  var widest = atLeast
  for index in 0..<count { widest = max(widest, layers[index].outputs) }
  return widest
}

private func preactivation(_ arguments: RowDecoderArguments, point: Int, index: Int) -> Float {
  let stride = 2 * arguments.hidden
  func blended(_ voxel: Int32) -> Float {
    let position = Int(voxel) * stride + index
    var sum = arguments.rowWeights.0 * arguments.rows.0[position]
    sum += arguments.rowWeights.1 * arguments.rows.1[position]
    sum += arguments.rowWeights.2 * arguments.rows.2[position]
    return sum + arguments.rowWeights.3 * arguments.rows.3[position]
  }
  var sum = arguments.constants[index]
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
    var weights = layer.weights + channel * layer.inputs
    for step in 0..<layer.inputs {
      addProduct(of: values[step], and: weights, to: sums)
      weights += referencePanelWidth
    }
    guard layer.rectified else { continue }
    for lane in 0..<referencePanelWidth where sums[lane] < 0 { sums[lane] = 0 }
  }
}

/// The output layer on one point: 16 partial sums by channel modulo 16, added as a tree.
private func intensity(_ layer: OutputLayer, _ values: UnsafeMutablePointer<Float>) -> Float {
  var sums = SIMD16<Float>.zero
  for step in stride(from: 0, to: layer.inputs, by: 16) {
    for lane in 0..<16 { sums[lane] += values[step + lane] * layer.weights[step + lane] }
  }
  let eight = sums.lowHalf + sums.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  let result = two.x + two.y + layer.bias
  return layer.rectified && result < 0 ? 0 : result
}
