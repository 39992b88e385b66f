import KernelInterface

extension EncoderPass {
  /// Adds the gradient of a node's layer, of which that of the result is known.
  func addWeightGradient(
    _ index: Int, _ layer: LayerLayout, _ gradient: UnsafeMutablePointer<Float>
  ) {
    let node = graph.nodes[index]
    let isPlanar = forms.isPlanar[index]
    if isPlanar, let slopes = forms.gradients[node.output].summed {
      chores.leave(
        planeGradient.chore(
          node.inputs.compactMap { forms.values[$0].summed }, channels: layer.operands, slopes,
          outputs: layer.paddedOutputs, into: gradient + layer.weights))
    }
    let size = SpatialSize(inputs: layer.operands, outputs: layer.outputs)
    let isWinograd =
      !isPlanar && layer.taps == 27 && !node.inputs.contains(0)
      && WinogradGradientRunner.pays(size, shape, table.instructionSet)
    if isWinograd {
      winogradGradient.run(
        node.inputs.map { values[$0] }, gradients[node.output],
        into: gradient + layer.weights)
    }
    let parts = parts[index].filter { $0.operand == nil || !isPlanar && !isWinograd }
    chores.leave(
      Chore(count: parts.count) { [self] item, _ in
        let part = parts[item]
        let sums =
          part.operand == nil
          ? gradient + layer.bias : gradient + layer.weights + part.row * layer.paddedOutputs
        for sample in 0..<shape.samples {
          for k in 0..<shape.size.z where (0..<shape.size.z).contains(k + part.shiftK) {
            add(
              part, input: part.operand.map { values[node.inputs[$0]] },
              gradient: gradients[node.output], sample: sample, k: k, sums: sums)
          }
        }
      })
  }

  /// Adds a part's sum over one plane: only rows that the taps find inside the patch.
  private func add(
    _ part: WeightGradientPart, input: FeatureMap?, gradient: FeatureMap, sample: Int, k: Int,
    sums: UnsafeMutablePointer<Float>
  ) {
    let first = max(0, -part.shiftJ)
    let end = shape.size.y - max(0, part.shiftJ)
    guard first < end else { return }
    let inputs =
      input.map { $0.table(sample: sample, k: k + part.shiftK, j: first + part.shiftJ).rows }
      ?? ones.rows
    table.training.addWeightGradient(
      WeightGradientArguments(
        inputs: inputs, inputOffset: part.offset, inputStride: input?.stride ?? 0,
        inputCount: part.inputs, gradients: gradient.table(sample: sample, k: k, j: first).rows,
        gradientStride: gradient.stride, gradientCount: gradient.stride, rowCount: end - first,
        width: shape.size.x, sums: sums, sumStride: gradient.stride))
  }
}
