import KernelInterface

/// Channels of a 3x3x3 convolution that a batch needs, forward or of gradients.
struct SpatialSize: Sendable {
  /// Of each operand.
  var inputs: [Int]
  var outputs: Int

  var paddedInputs: Int { inputs.reduce(0) { $0 + FeatureLayout.paddedChannels($1) } }
  var paddedOutputs: Int { FeatureLayout.paddedChannels(outputs) }
  /// Floats of its filters at Winograd's points.
  var filterCount: Int { WinogradPoints.frequencies * inputs.reduce(0, +) * paddedOutputs }
}

extension EncoderPass {
  /// All 3x3x3 convolutions that do not read the patches.
  static func spatialSizes(
    _ graph: EncoderGraph, _ sources: [GradientSources], _ layers: [LayerLayout]
  ) -> [SpatialSize] {
    let backward = sources.enumerated().compactMap { value, source -> SpatialSize? in
      guard !source.spatial.isEmpty else { return nil }
      return SpatialSize(
        inputs: source.spatial.map { graph.channels[$0.output] }, outputs: graph.channels[value])
    }
    return forwardSizes(graph, layers) + backward
  }

  /// Those that make values.
  static func forwardSizes(_ graph: EncoderGraph, _ layers: [LayerLayout]) -> [SpatialSize] {
    graph.nodes.compactMap { node in
      guard let layer = node.layer, layers[layer].taps == 27, !node.inputs.contains(0) else {
        return nil
      }
      return SpatialSize(
        inputs: node.inputs.map { graph.channels[$0] }, outputs: layers[layer].outputs)
    }
  }
}
