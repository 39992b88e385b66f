import KernelInterface
import Networks
import Workers

/// Fully connected layers in packed form with ReLU after each, once per NUMA node.
struct PackedDenseStack {
  /// Owns what the views point to.
  let packed: [PackedWeights]
  /// Per node, the layers in order.
  let views: [AlignedBuffer<DenseLayer>]
  /// Widest layer output, padded.
  let widest: Int

  init(
    _ layers: [Linear], precision: Precision = .float32, kernels: KernelTable, pool: WorkerPool
  ) throws(WorkersError) {
    var packed: [PackedWeights] = []
    for layer in layers {
      packed.append(
        try PackedWeights(layer, precision: precision, layout: kernels.layout, pool: pool))
    }
    self.packed = packed
    widest = packed.map(\.paddedOutputs).max() ?? 0
    var views: [AlignedBuffer<DenseLayer>] = []
    for node in 0..<pool.nodeCount {
      views.append(
        try AlignedBuffer(
          zip(layers, packed).map { layer, packed in
            let leftOver = DenseLayer.leftOver(inputs: layer.inputs, outputs: layer.outputs)
            return DenseLayer(
              weights: packed.weights(node: node), bias: packed.bias(node: node),
              inputs: layer.inputs,
              outputs: packed.paddedOutputs - FeatureLayout.paddedChannels(leftOver),
              leftOver: leftOver, rectified: true, precision: precision)
          }))
    }
    self.views = views
  }
}

/// The decoder's last layer, once per NUMA node.
struct PackedOutputLayer {
  private let weights: [AlignedBuffer<Float>]
  private let bias: Float
  private let inputs: Int
  private let rectified: Bool

  /// Copies the weights, padded by zeros.
  ///
  /// - Parameters:
  ///   - layer: A layer with one output.
  ///   - rectified: Whether a ReLU follows.
  ///   - pool: Whose nodes get a copy each.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(_ layer: Linear, rectified: Bool, pool: WorkerPool) throws(WorkersError) {
    precondition(layer.outputs == 1, "outputs: \(layer.outputs)")
    inputs = layer.inputs
    bias = layer.bias[0]
    self.rectified = rectified
    let count = FeatureLayout.paddedChannels(layer.inputs)
    weights = try replicate(
      layer.weight + [Float](repeating: 0, count: count - layer.inputs), pool: pool)
  }

  func view(node: Int) -> OutputLayer {
    OutputLayer(
      weights: UnsafePointer(weights[node].pointer), bias: bias, inputs: inputs,
      rectified: rectified)
  }
}
