import KernelInterface

/// The fused row decoder with dense layers in bfloat16, in double precision with rounded operands.
extension RowDecoderOperands {
  /// The intensity of every point, and the bound on the kernel's error, row by row.
  ///
  /// Sums that differ in the last bits may round to neighbours, 2^-7 apart at most: to first order
  /// the error is the sum of |gradient of the intensity| times that of every rounded value, and times
  /// the float32 error of every sum. The bound is twice that, for the second order and for units
  /// whose sign changes.
  func expectedInBFloat16() -> (values: [Double], bounds: [Double]) {
    let results = places.map { line, point in
      let (inputs, errors) = interpolatedInputs(line, point: point)
      return intensityInBFloat16(inputs, errors)
    }
    return (results.map(\.value), results.map(\.bound))
  }

  private func intensityInBFloat16(
    _ inputs: [Double], _ errors: [Double]
  ) -> (value: Double, bound: Double) {
    let first = weights.stageOne[0].sums(of: inputs, errors: errors)
    let skip = weights.stageTwo[0].sums(of: inputs, errors: errors)
    let dense = Array(weights.stageOne.dropFirst() + weights.stageTwo.dropLast())
    let output = weights.stageTwo[problem.depth - 1]
    var sums = [first]
    var values = first.values.map { max($0, 0) }
    for (index, layer) in dense.enumerated() {
      let isSkip = index == problem.depth - 1
      var rounded = layer.rounded
      if isSkip { rounded.bias = [Float](repeating: 0, count: layer.outputs) }
      let operands = values.map { Double(BFloat16.rounded(Float($0))) }
      var sum = rounded.sums(of: operands, errors: operands.map { _ in 0 })
      if isSkip {
        for unit in sum.values.indices {
          sum.values[unit] += skip.values[unit]
          sum.errors[unit] +=
            skip.errors[unit] + abs(skip.values[unit]) * rounding(steps: layer.inputs + 2)
        }
      }
      sums.append(sum)
      values = sum.values.map { max($0, 0) }
    }
    let result = output.sums(of: values, errors: values.map { _ in 0 })
    let isOff = problem.finalReLU && result.values[0] < 0
    var bound = result.errors[0]
    var gradient = output.pulledBack([isOff ? 0 : 1])
    for (index, sum) in sums.enumerated().reversed() {
      // What the last dense layer writes is read by the output layer, and not rounded.
      let distance = index < dense.count ? 0x1p-7 : 0
      for unit in gradient.indices {
        if sum.values[unit] < 0 { gradient[unit] = 0 }
        bound += abs(gradient[unit]) * (sum.errors[unit] + distance * abs(sum.values[unit]))
      }
      if index > 0 { gradient = dense[index - 1].rounded.pulledBack(gradient) }
    }
    return (isOff ? 0 : result.values[0], 2 * bound)
  }
}

extension PlainLayer {
  /// This layer with weights rounded to bfloat16.
  var rounded: PlainLayer {
    var layer = self
    layer.weights = weights.map(BFloat16.rounded)
    return layer
  }
}
