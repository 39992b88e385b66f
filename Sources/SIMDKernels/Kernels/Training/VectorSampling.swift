import KernelInterface

/// Linear sampling of vectors: `SamplingArguments`.
func sampleVectors(_ arguments: SamplingArguments) {
  assert(arguments.length % FeatureLayout.channelGranule == 0)
  for point in 0..<arguments.count {
    let taps = arguments.taps + point * arguments.tapCount
    let weights = arguments.weights + point * arguments.tapCount
    let target = arguments.points + point * arguments.pointStride
    var index = 0
    while index < arguments.length {
      var sum = load(arguments.map + taps[0] + index) * broadcast(weights[0])
      for tap in 1..<arguments.tapCount {
        sum = multiplyAdd(sum, load(arguments.map + taps[tap] + index), broadcast(weights[tap]))
      }
      store(sum, to: target + index)
      index += lanes
    }
  }
}

/// The transpose of ``sampleVectors(_:)``.
func spreadVectors(_ arguments: SamplingArguments) {
  assert(arguments.length % FeatureLayout.channelGranule == 0)
  for point in 0..<arguments.count {
    let source = arguments.points + point * arguments.pointStride
    for tap in 0..<arguments.tapCount {
      let place = point * arguments.tapCount + tap
      // A tap outside the volume is common in small patches and has a place of its own inside it.
      if arguments.weights[place] == 0 { continue }
      let weight = broadcast(arguments.weights[place])
      let target = arguments.map + arguments.taps[place]
      var index = 0
      while index < arguments.length {
        store(multiplyAdd(load(target + index), load(source + index), weight), to: target + index)
        index += lanes
      }
    }
  }
}
