import KernelInterface

/// The last layer of many points: `OutputRowArguments`.
func applyOutputRow(_ arguments: OutputRowArguments) {
  let layer = OutputLayer(
    weights: arguments.weights, bias: arguments.bias, inputs: arguments.length, rectified: false)
  layer.apply(
    to: PointRows(
      values: UnsafeMutablePointer(mutating: arguments.activations), stride: arguments.stride),
    count: arguments.count, into: arguments.values)
}

/// Its gradient, through the ReLU of the layer before.
func outputRowGradient(_ arguments: OutputRowArguments) {
  for point in 0..<arguments.count {
    let value = broadcast(arguments.values[point])
    let activations = arguments.activations + point * arguments.stride
    let target = arguments.gradients + point * arguments.stride
    var index = 0
    while index < arguments.length {
      let product = value * load(arguments.weights + index)
      store(
        product.replacing(with: 0, where: load(activations + index) .<= 0), to: target + index)
      index += lanes
    }
  }
}
