import KernelInterface

extension EncoderPass {
  /// From the gradient of the feature map to those of all layers.
  ///
  /// - Parameter gradient: In the order of the layout; the encoder's part is added to.
  func backward(_ gradient: UnsafeMutablePointer<Float>) {
    for (index, node) in graph.nodes.enumerated().reversed() {
      if node.output != graph.features { computeGradient(of: node.output) }
      if let layer = node.layer { addWeightGradient(index, layers[layer], gradient) }
    }
  }

  /// The gradient of a value from those of all that read it.
  private func computeGradient(of value: Int) {
    let source = sources[value]
    if source.spatial.isEmpty && source.pointwise.isEmpty { return passOn(value) }
    var addition = source.direct.map { gradients[$0] }
    if !source.pointwise.isEmpty {
      let isLast = source.spatial.isEmpty
      let convolution = MapConvolution(
        inputs: source.pointwise.map { gradients[$0.output] }, extent: 1,
        weights: weights.pointwise[value].pointer, bias: zeros.pointer, addition: addition,
        output: isLast ? gradients[value] : partial, outputs: graph.channels[value],
        algorithm: .direct)
      if isLast { return run(convolution) { gate(value, sample: $0, k: $1, j: $2) } }
      run(convolution)
      addition = partial
    }
    let readers = source.spatial.map(\.output)
    run(
      MapConvolution(
        inputs: readers.map { gradients[$0] }, extent: 3,
        weights: weights.spatial[value].pointer, bias: zeros.pointer, addition: addition,
        output: gradients[value], outputs: graph.channels[value],
        algorithm: algorithm(extent: 3, inputs: readers, outputs: graph.channels[value]))
    ) {
      gate(value, sample: $0, k: $1, j: $2)
    }
  }

  /// What passes through the ReLU that has made a row, if one has.
  private func gate(_ value: Int, sample: Int, k: Int, j: Int) {
    guard sources[value].isRectified else { return }
    let gradient = gradients[value]
    let row = gradient.row(sample: sample, k: k, j: j)
    table.training.gate(
      row, values[value].row(sample: sample, k: k, j: j), row, shape.size.x * gradient.stride)
  }

  /// The gradient of a value that is only added to another.
  private func passOn(_ value: Int) {
    guard let direct = sources[value].direct else { return }
    pool.run(planes) { item, _ in
      let (sample, k) = place(item)
      let source = gradients[direct].plane(sample: sample, k: k)
      let target = gradients[value].plane(sample: sample, k: k)
      guard let first = source.baseAddress, let copy = target.baseAddress else { return }
      copy.update(from: first, count: source.count)
      for j in 0..<shape.size.y { gate(value, sample: sample, k: k, j: j) }
    }
  }
}
