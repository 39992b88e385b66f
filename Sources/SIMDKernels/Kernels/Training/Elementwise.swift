import KernelInterface

/// Gradient through ReLU: passes where the activation is positive.
func gateGradient(
  _ gradient: UnsafePointer<Float>, _ activation: UnsafePointer<Float>,
  _ result: UnsafeMutablePointer<Float>, _ count: Int
) {
  assert(count % FeatureLayout.channelGranule == 0)
  var index = 0
  while index < count {
    let passed = load(gradient + index).replacing(
      with: 0, where: load(activation + index) .<= 0)
    store(passed, to: result + index)
    index += lanes
  }
}

/// Sum of two arrays.
func addArrays(
  _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
  _ result: UnsafeMutablePointer<Float>, _ count: Int
) {
  assert(count % FeatureLayout.channelGranule == 0)
  var index = 0
  while index < count {
    store(load(first + index) + load(second + index), to: result + index)
    index += lanes
  }
}
