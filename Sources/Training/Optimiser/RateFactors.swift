import Workers

/// By what the learning rate is multiplied for each parameter: biases may move slower than weights.
struct RateFactors: Sendable {
  private let values: AlignedBuffer<Float>

  init(_ layout: ParameterLayout, ofBiases factor: Float) throws(WorkersError) {
    values = try AlignedBuffer(count: layout.count)
    values.elements.update(repeating: 1)
    for layer in layout.layers {
      (values.pointer + layer.bias).update(repeating: factor, count: layer.end - layer.bias)
    }
  }

  /// In the order of the layout.
  var pointer: UnsafePointer<Float> { UnsafePointer(values.pointer) }
}
