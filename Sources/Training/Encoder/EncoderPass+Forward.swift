import KernelInterface

extension EncoderPass {
  /// Computes all values of patches.
  ///
  /// - Parameters:
  ///   - patches: Voxels `[k][j][i][channel]`, one array per sample.
  ///   - parameters: In the order of the layout; packed by ``EncoderWeights/pack(_:_:)`` before.
  func forward(_ patches: [[Float]], _ parameters: UnsafePointer<Float>) {
    forEachPlane { sample, k, _ in
      for j in 0..<shape.size.y {
        let row = values[0].row(sample: sample, k: k, j: j)
        let length = shape.size.x * graph.channels[0]
        let first = (k * shape.size.y + j) * length
        for index in 0..<length { row[index] = patches[sample][first + index] }
      }
    }
    for (index, node) in graph.nodes.enumerated() {
      if let layer = node.layer {
        convolve(index, node, layers[layer], parameters)
      } else if let normalisation = node.normalisation {
        normalise(node, normalisation, parameters)
      } else {
        sum(node)
      }
    }
  }

  private func convolve(
    _ index: Int, _ node: EncoderGraph.Node, _ layer: LayerLayout,
    _ parameters: UnsafePointer<Float>
  ) {
    let bias = parameters + layer.bias
    let addition = node.summand.map { values[$0] }
    if let filters = weights.planes[index] {
      let convolution = PlaneConvolution(
        inputs: node.inputs.compactMap { forms.values[$0].multiplied },
        channels: layer.operands, filters: filters, bias: bias, isRectified: node.isRectified,
        addition: addition, additionIsBroadcast: node.summandIsBroadcast,
        output: values[node.output])
      return run(convolution, into: forms.values[node.output]) {
        transform(value: node.output, sample: $0, k: $1, worker: $2)
      }
    }
    let extent = layer.taps == 1 ? 1 : 3
    run(
      MapConvolution(
        inputs: node.inputs.map { values[$0] }, extent: extent,
        weights: weights.forward[index].pointer, bias: bias, isRectified: node.isRectified,
        addition: addition, additionIsBroadcast: node.summandIsBroadcast,
        output: values[node.output], outputs: layer.outputs,
        algorithm: algorithm(extent: extent, inputs: node.inputs, outputs: layer.outputs)),
      finishPlane: { transform(value: node.output, sample: $0, k: $1, worker: $2) })
  }

  private func sum(_ node: EncoderGraph.Node) {
    forEachPlane { sample, k, worker in
      let planes = (node.inputs + [node.output]).map { values[$0].plane(sample: sample, k: k) }
      guard let first = planes[0].baseAddress, let second = planes[1].baseAddress,
        let result = planes[2].baseAddress
      else { return }
      table.training.add(first, second, result, planes[2].count)
      transform(value: node.output, sample: sample, k: k, worker: worker)
    }
  }

  private func transform(value: Int, sample: Int, k: Int, worker: Int) {
    planeRunner.transform(
      value: values[value], forms.values[value], sample: sample, k: k, worker: worker)
  }
}
