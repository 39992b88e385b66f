import KernelInterface

extension EncoderPass {
  /// From the gradient of the feature map to those of all layers.
  ///
  /// - Parameters:
  ///   - gradient: In the order of the layout; the encoder's part is added to.
  ///   - parameters: In the order of the layout.
  ///   - layerDone: Called with the first parameter of every layer, from the last to the first. All
  ///     gradients from there on are known when no chore is open.
  /// - Throws: What `layerDone` throws.
  func backward<E: Error>(
    _ gradient: UnsafeMutablePointer<Float>, _ parameters: UnsafePointer<Float>,
    layerDone: (_ first: Int) throws(E) -> Void
  ) throws(E) {
    forEachPlane { transform(gradient: graph.features, sample: $0, k: $1, worker: $2) }
    for (index, node) in graph.nodes.enumerated().reversed() {
      if node.output != graph.features { computeGradient(of: node.output) }
      let readers = sources[node.output].normalised
      if !readers.isEmpty { addNormalised(node.output, readers, parameters) }
      if let normalisation = node.normalisation { differentiate(node, normalisation, gradient) }
      guard let layer = node.layer else { continue }
      addWeightGradient(index, layers[layer], gradient)
      try layerDone(layers[layer].weights)
    }
    finishChores()
  }

  /// Does what is open of the gradients of layers.
  func finishChores() { chores.finish() }

  /// The gradient of a value from those of all that read it.
  private func computeGradient(of value: Int) {
    let source = sources[value]
    if source.spatial.isEmpty && source.pointwise.isEmpty { return passOn(value) }
    func finishPlane(_ sample: Int, _ k: Int, _ worker: Int) {
      transform(gradient: value, sample: sample, k: k, worker: worker)
    }
    var addition = source.direct.map { gradients[$0] }
    if !source.pointwise.isEmpty {
      let isLast = source.spatial.isEmpty
      let convolution = MapConvolution(
        inputs: source.pointwise.map { gradients[$0.output] }, extent: 1,
        weights: weights.pointwise[value].pointer, bias: zeros.pointer, addition: addition,
        output: isLast ? gradients[value] : partial, outputs: graph.channels[value],
        algorithm: .direct)
      if isLast {
        return run(
          convolution, finish: { gate(value, sample: $0, k: $1, j: $2) }, finishPlane: finishPlane)
      }
      run(convolution)
      addition = partial
    }
    let readers = source.spatial.map(\.output)
    if let filters = weights.turnedPlanes[value] {
      let convolution = PlaneConvolution(
        inputs: readers.compactMap { forms.gradients[$0].multiplied },
        channels: readers.map { graph.channels[$0] }, filters: filters, bias: zeros.pointer,
        addition: addition, activations: source.isRectified ? values[value] : nil,
        output: gradients[value])
      return run(convolution, into: forms.gradients[value], finishPlane: finishPlane)
    }
    run(
      MapConvolution(
        inputs: readers.map { gradients[$0] }, extent: 3,
        weights: weights.spatial[value].pointer, bias: zeros.pointer, addition: addition,
        output: gradients[value], outputs: graph.channels[value],
        algorithm: algorithm(extent: 3, inputs: readers, outputs: graph.channels[value])),
      finish: { gate(value, sample: $0, k: $1, j: $2) }, finishPlane: finishPlane)
  }

  private func transform(gradient value: Int, sample: Int, k: Int, worker: Int) {
    planeRunner.transform(
      gradient: gradients[value], forms.gradients[value], sample: sample, k: k, worker: worker)
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
    forEachPlane { sample, k, worker in
      let source = gradients[direct].plane(sample: sample, k: k)
      let target = gradients[value].plane(sample: sample, k: k)
      guard let first = source.baseAddress, let copy = target.baseAddress else { return }
      copy.update(from: first, count: source.count)
      for j in 0..<shape.size.y { gate(value, sample: sample, k: k, j: j) }
      transform(gradient: value, sample: sample, k: k, worker: worker)
    }
  }
}
