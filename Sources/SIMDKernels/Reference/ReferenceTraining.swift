import KernelInterface

/// The training kernels of the set `generic`: plain loops over the definitions.
let referenceTraining = TrainingKernels(
  addWeightGradient: { referenceWeightGradient($0, precision: .float32) },
  addWeightGradientPairs: { referenceWeightGradient($0, precision: .bfloat16) },
  pairRows: { arguments in
    for row in stride(from: 0, to: arguments.count, by: 2) {
      let first = arguments.rows + row * arguments.stride
      let target = arguments.pairs + row / 2 * arguments.length
      for index in 0..<arguments.length {
        let second = row + 1 < arguments.count ? first[arguments.stride + index] : 0
        target[index] = BFloat16.pair(first[index], second)
      }
    }
  },
  gate: { gradient, activation, result, count in
    for index in 0..<count { result[index] = activation[index] <= 0 ? 0 : gradient[index] }
  },
  add: { first, second, result, count in
    for index in 0..<count { result[index] = first[index] + second[index] }
  },
  sample: referenceSampling,
  spread: referenceSpreading,
  applyOutputRow: referenceOutputRow,
  outputRowGradient: referenceOutputRowGradient,
  transformFilters: referenceFilterTransform,
  transformInputTile: referenceInputTile,
  transformGradientTile: referenceGradientTile,
  filterGradient: referenceFilterGradient,
  transformPlaneFilters: referencePlaneFilters,
  transformPlaneInputs: referencePlaneInputs,
  transformPlaneGradients: referencePlaneGradients,
  convolvePlane: referencePlaneConvolution,
  planeFilterGradient: referencePlaneFilterGradient)

private func referenceWeightGradient(
  _ arguments: WeightGradientArguments, precision: Precision
) {
  let count = arguments.gradientCount
  withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { sums in
    for input in 0..<arguments.inputCount {
      sums.initialize(repeating: 0)
      for row in 0..<arguments.rowCount {
        for voxel in 0..<arguments.width {
          let place = arguments.inputOffset + voxel * arguments.inputStride + input
          let value = arguments.inputs[row][place]
          let gradients = arguments.gradients[row] + voxel * arguments.gradientStride
          for index in 0..<count {
            sums[index] += product(value, gradients[index], precision)
          }
        }
      }
      let target = arguments.sums + input * arguments.sumStride
      for index in 0..<count { target[index] += sums[index] }
    }
  }
}

/// Of two numbers, or of two pairs.
private func product(_ first: Float, _ second: Float, _ precision: Precision) -> Float {
  guard precision == .bfloat16 else { return first * second }
  let (a, b) = (BFloat16.values(first), BFloat16.values(second))
  return a.0 * b.0 + a.1 * b.1
}

private func referenceSampling(_ arguments: SamplingArguments) {
  for point in 0..<arguments.count {
    let taps = arguments.taps + point * arguments.tapCount
    let weights = arguments.weights + point * arguments.tapCount
    let target = arguments.points + point * arguments.pointStride
    for index in 0..<arguments.length {
      var sum: Float = 0
      for tap in 0..<arguments.tapCount {
        sum += arguments.map[taps[tap] + index] * weights[tap]
      }
      target[index] = sum
    }
  }
}

private func referenceSpreading(_ arguments: SamplingArguments) {
  for point in 0..<arguments.count {
    let source = arguments.points + point * arguments.pointStride
    for tap in 0..<arguments.tapCount {
      let place = point * arguments.tapCount + tap
      let target = arguments.map + arguments.taps[place]
      let weight = arguments.weights[place]
      for index in 0..<arguments.length { target[index] += weight * source[index] }
    }
  }
}

private func referenceOutputRow(_ arguments: OutputRowArguments) {
  for point in 0..<arguments.count {
    let activations = arguments.activations + point * arguments.stride
    var sums = SIMD16<Float>.zero
    for index in 0..<arguments.length {
      sums[index % 16] += activations[index] * arguments.weights[index]
    }
    let eight = sums.lowHalf + sums.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    arguments.values[point] = two.x + two.y + arguments.bias
  }
}

private func referenceOutputRowGradient(_ arguments: OutputRowArguments) {
  for point in 0..<arguments.count {
    let activations = arguments.activations + point * arguments.stride
    let target = arguments.gradients + point * arguments.stride
    for index in 0..<arguments.length {
      target[index] =
        activations[index] <= 0 ? 0 : arguments.values[point] * arguments.weights[index]
    }
  }
}

/// The definition in double precision, rounded once.
private func referenceFilterTransform(_ arguments: FilterTransformArguments) {
  let layer = WinogradFilters(
    layout: PackedLayout(lanes: 1, panelWidth: arguments.width), inputs: arguments.channels,
    outputs: arguments.width)
  let tapStride = arguments.channels * arguments.width
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 27 * tapStride) { turned in
    withUnsafeTemporaryAllocation(of: Float.self, capacity: layer.count) { packed in
      guard let turned = turned.baseAddress, let packed = packed.baseAddress else { return }
      for place in 0..<tapStride {
        for tap in 0..<27 { turned[27 * place + tap] = arguments.taps[tap * tapStride + place] }
      }
      for part in 0..<layer.parts {
        layer.pack(
          { output, input in UnsafePointer(turned + 27 * (input * arguments.width + output)) },
          part: part, into: packed)
      }
      for frequency in 0..<WinogradPoints.frequencies {
        (arguments.filters + frequency * arguments.frequencyStride).update(
          from: packed + frequency * tapStride, count: tapStride)
      }
    }
  }
}
