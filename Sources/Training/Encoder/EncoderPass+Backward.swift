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
    let spatial = PlaneConvolution(
      inputs: source.spatial.map { gradients[$0.output] }, extent: 3,
      weights: weights.spatial[value].pointer, bias: zeros.pointer,
      outputs: graph.channels[value])
    let pointwise = PlaneConvolution(
      inputs: source.pointwise.map { gradients[$0.output] }, extent: 1,
      weights: weights.pointwise[value].pointer, bias: zeros.pointer,
      outputs: graph.channels[value])
    let result = gradients[value]
    pool.run(planes) { item, worker in
      let (sample, k) = place(item)
      let scratch = scratch[worker].pointer
      var addition = source.direct.map {
        PlaneConvolution.Addition(map: gradients[$0], sample: sample, k: k)
      }
      if !pointwise.inputs.isEmpty {
        let isLast = spatial.inputs.isEmpty
        let target = isLast ? result : partial[worker]
        pointwise.run(
          sample: sample, k: k, into: target, outputSample: isLast ? sample : 0,
          outputK: isLast ? k : 0, adding: addition, table: table, scratch: scratch)
        addition = .init(map: target, sample: 0, k: 0)
      }
      if !spatial.inputs.isEmpty {
        spatial.run(
          sample: sample, k: k, into: result, outputSample: sample, outputK: k, adding: addition,
          table: table, scratch: scratch)
      }
      finish(value, source, sample: sample, k: k)
    }
  }

  /// What passes through the value's ReLU, if it has one, or a gradient that is only passed on.
  private func finish(_ value: Int, _ source: GradientSources, sample: Int, k: Int) {
    let result = gradients[value].plane(sample: sample, k: k)
    let isOnlyDirect = source.spatial.isEmpty && source.pointwise.isEmpty
    let origin =
      isOnlyDirect
      ? source.direct.map { gradients[$0].plane(sample: sample, k: k) } ?? result : result
    guard let target = result.baseAddress, let first = origin.baseAddress,
      let activation = values[value].plane(sample: sample, k: k).baseAddress
    else { return }
    if source.isRectified {
      table.training.gate(first, activation, target, result.count)
    } else if isOnlyDirect {
      target.update(from: first, count: result.count)
    }
  }
}
