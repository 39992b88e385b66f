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
  /// All 3x3x3 convolutions that do not read the patches and are not computed in the plane.
  static func spatialSizes(
    _ graph: EncoderGraph, _ sources: [GradientSources], _ layers: [LayerLayout],
    except forms: PlaneForms
  ) -> [SpatialSize] {
    let backward = sources.enumerated().compactMap { value, source -> SpatialSize? in
      guard !source.spatial.isEmpty, !forms.isGradientPlanar[value] else { return nil }
      return SpatialSize(
        inputs: source.spatial.map { graph.channels[$0.output] }, outputs: graph.channels[value])
    }
    return forwardSizes(graph, layers) { !forms.isPlanar[$0] } + backward
  }

  /// Those that make values, of some nodes.
  static func forwardSizes(
    _ graph: EncoderGraph, _ layers: [LayerLayout], where isMeant: (_ node: Int) -> Bool
  ) -> [SpatialSize] {
    graph.nodes.enumerated().compactMap { index, node in
      guard let layer = node.layer, layers[layer].taps == 27, !node.inputs.contains(0),
        isMeant(index)
      else { return nil }
      return SpatialSize(
        inputs: node.inputs.map { graph.channels[$0] }, outputs: layers[layer].outputs)
    }
  }
}
