import KernelInterface
import Networks
import Workers

extension ImageTrainer {
  /// Bytes that a training holds beside its volumes, counted as in float32: a batch, what every layer
  /// makes of it and the gradients of that, and the parameters with gradient and optimiser.
  ///
  /// Held to the resident set of real runs by `TrainRelatedTests`.
  ///
  /// - Parameters:
  ///   - network: What is trained.
  ///   - data: Patch and batch.
  /// - Returns: The bytes.
  /// - Throws: ``TrainingError/memory(_:)``.
  public static func bytes(
    _ network: RelatedNetwork, _ data: ImageDataSettings
  ) throws(TrainingError) -> Int {
    let layout = ParameterLayout(
      EncoderGraph(network), network.layerShapes, normalisationNames: network.normalisationNames)
    let shape = BatchShape(samples: data.batch, size: SIMD3(repeating: data.patch))
    let maps: Int
    if case .srcnn3d = network.layers {
      maps = WindowPass.mapFloats(layout, shape)
    } else {
      do {
        maps = try EncoderPass.mapFloats(layout, shape)
      } catch {
        throw .memory(error)
      }
    }
    let factor = network.fixedFactor ?? 1
    let targets = shape.voxels * factor * factor * factor
    return MemoryLayout<Float>.size
      * (maps + shape.voxels * network.images + targets + 4 * layout.count)
  }
}

extension EncoderPass {
  /// Floats of all maps of a pass, which are nearly all that it holds.
  static func mapFloats(
    _ layout: ParameterLayout, _ shape: BatchShape
  ) throws(WorkersError) -> Int {
    let graph = layout.graph
    let sources = GradientSources.all(graph, layout.layers)
    let forms = try PlaneForms(
      graph, sources, layout.layers, PlaneTiles(shape: shape), .float32)
    let lifetimes = EncoderLifetimes(graph, sources, forms)
    let maps = FeatureMap.floatCount(
      shape, lifetimes.values + lifetimes.gradients, channels: graph.channels + graph.channels)
    // The map of partial gradients is written where a value has readers of both kinds.
    let isPartial = sources.contains { !$0.pointwise.isEmpty && !$0.spatial.isEmpty }
    let widest = FeatureLayout.paddedChannels(graph.channels.max() ?? 1)
    return maps + (isPartial ? FeatureMap.floatCount(shape, channels: widest) : 0)
  }
}

extension WindowPass {
  /// Floats of all maps of a pass, which are nearly all that it holds.
  static func mapFloats(_ layout: ParameterLayout, _ shape: BatchShape) -> Int {
    var floats = 0
    var shape = shape
    for (number, layer) in layout.layers.enumerated() {
      let reach = WindowLayer.kernel(ofTaps: layer.taps) / 2
      shape = shape.grown(by: -reach)
      // What it makes, the gradient of that, and behind the first the gradient between zeros.
      floats += 2 * FeatureMap.floatCount(shape, channels: layer.outputs)
      guard number > 0 else { continue }
      floats += FeatureMap.floatCount(
        shape.grown(by: 2 * reach), channels: layer.outputs, isPadded: false)
    }
    return floats
  }
}
