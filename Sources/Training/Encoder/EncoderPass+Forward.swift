import KernelInterface

extension EncoderPass {
  /// Computes all values of patches.
  ///
  /// - Parameters:
  ///   - patches: Voxels `[sample][k][j][i]`, one array per sample.
  ///   - parameters: In the order of the layout; packed by ``EncoderWeights/pack(_:_:)`` before.
  func forward(_ patches: [[Float]], _ parameters: UnsafePointer<Float>) {
    pool.run(planes) { item, _ in
      let (sample, k) = place(item)
      for j in 0..<shape.size.y {
        let row = values[0].row(sample: sample, k: k, j: j)
        let first = (k * shape.size.y + j) * shape.size.x
        for i in 0..<shape.size.x { row[i] = patches[sample][first + i] }
      }
    }
    for (index, node) in graph.nodes.enumerated() {
      if let layer = node.layer {
        convolve(index, node, layers[layer], parameters)
      } else {
        sum(node)
      }
    }
  }

  private func convolve(
    _ index: Int, _ node: EncoderGraph.Node, _ layer: LayerLayout,
    _ parameters: UnsafePointer<Float>
  ) {
    let extent = layer.taps == 1 ? 1 : 3
    run(
      MapConvolution(
        inputs: node.inputs.map { values[$0] }, extent: extent,
        weights: weights.forward[index].pointer, bias: parameters + layer.bias,
        isRectified: node.isRectified, addition: node.summand.map { values[$0] },
        additionIsBroadcast: node.summandIsBroadcast, output: values[node.output],
        outputs: layer.outputs,
        algorithm: algorithm(extent: extent, inputs: node.inputs, outputs: layer.outputs)))
  }

  private func sum(_ node: EncoderGraph.Node) {
    pool.run(planes) { item, _ in
      let (sample, k) = place(item)
      let planes = (node.inputs + [node.output]).map { values[$0].plane(sample: sample, k: k) }
      guard let first = planes[0].baseAddress, let second = planes[1].baseAddress,
        let result = planes[2].baseAddress
      else { return }
      table.training.add(first, second, result, planes[2].count)
    }
  }
}
