import Checkpoints
import Networks

/// How all parameters of a network lie in one array: the layers in the order of the state dict.
///
/// Values, gradients, moments and averages all have this layout, so that optimisers are loops over
/// arrays. Padding is zero in every one of them and stays so.
public struct ParameterLayout: Sendable {
  /// Floats of an array.
  public let count: Int
  let layers: [LayerLayout]
  let graph: EncoderGraph
  /// Layers that the graph computes, which come first; the others are the decoder's.
  let encoderLayerCount: Int
  /// Batch normalisations, whose parameters stand behind those of all layers.
  let normalisations: [NormalisationLayout]
  private let shapes: [LayerShape]

  /// The layout of a network of the ArSSR family.
  public init(_ configuration: ArSSRConfiguration) {
    self.init(
      EncoderGraph(configuration), configuration.layers,
      decoderLayers: 2 * configuration.decoderDepth)
  }

  /// The layout of layers of which a graph computes the first.
  init(
    _ graph: EncoderGraph, _ shapes: [LayerShape], decoderLayers: Int = 0,
    normalisationNames: [String] = []
  ) {
    self.graph = graph
    self.shapes = shapes
    encoderLayerCount = shapes.count - decoderLayers
    let operands = graph.operands
    var layers: [LayerLayout] = []
    for (index, shape) in shapes.enumerated() {
      layers.append(
        LayerLayout(
          shape, operands: index < operands.count ? operands[index] : [shape.weight[1]],
          isRow: decoderLayers > 0 && index == shapes.count - 1, weights: layers.last?.end ?? 0))
    }
    self.layers = layers
    var normalisations: [NormalisationLayout] = []
    for (name, channels) in zip(normalisationNames, graph.normalisationChannels) {
      normalisations.append(
        NormalisationLayout(
          name: name, channels: channels,
          weight: normalisations.last?.end ?? layers.last?.end ?? 0))
    }
    self.normalisations = normalisations
    count = normalisations.last?.end ?? layers.last?.end ?? 0
  }

  /// Channels of what the graph makes.
  var featureChannels: Int { graph.channels[graph.features] }
}

// MARK: - Tensors

extension ParameterLayout {
  /// Takes tensors in the order of the state dict apart into an array.
  ///
  /// - Parameters:
  ///   - tensors: The tensors of all layers, in any order; others are ignored.
  ///   - values: ``count`` floats, of which padding is left alone.
  /// - Throws: ``TrainingError/tensorMissing(_:)`` or ``TrainingError/tensorShape(_:found:needed:)``.
  public func load(
    _ tensors: [Tensor], into values: UnsafeMutablePointer<Float>
  ) throws(TrainingError) {
    let byName = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    for (layer, shape) in zip(layers, shapes) {
      for (name, needed) in shape.tensors {
        guard let tensor = byName[name] else { throw .tensorMissing(name) }
        guard tensor.shape == needed else {
          throw .tensorShape(name, found: tensor.shape, needed: needed)
        }
      }
      guard let weight = byName[layer.name + ".weight"], let bias = byName[layer.name + ".bias"]
      else { continue }
      forEachWeight(of: layer) { file, index in values[index] = weight.values[file] }
      for output in 0..<layer.outputs { values[layer.bias + output] = bias.values[output] }
    }
    for normalisation in normalisations {
      for (name, place) in normalisation.places {
        guard let tensor = byName[name] else { throw .tensorMissing(name) }
        guard tensor.shape == [normalisation.channels] else {
          throw .tensorShape(name, found: tensor.shape, needed: [normalisation.channels])
        }
        (values + place).update(from: tensor.values, count: normalisation.channels)
      }
    }
  }

  /// The tensors that an array holds, in the order of the state dict.
  public func tensors(_ values: UnsafePointer<Float>) -> [Tensor] {
    layerTensors(values)
      + normalisations.flatMap { normalisation in
        normalisation.places.map { name, place in
          Tensor(
            name: name, shape: [normalisation.channels],
            values: (0..<normalisation.channels).map { values[place + $0] })
        }
      }
  }

  private func layerTensors(_ values: UnsafePointer<Float>) -> [Tensor] {
    zip(layers, shapes).flatMap { layer, shape -> [Tensor] in
      var weight = [Float](repeating: 0, count: shape.weight.reduce(1, *))
      forEachWeight(of: layer) { file, index in weight[file] = values[index] }
      let bias = (0..<layer.outputs).map { values[layer.bias + $0] }
      return zip(shape.tensors, [weight, bias]).map { tensor, values in
        Tensor(name: tensor.name, shape: tensor.shape, values: values)
      }
    }
  }

  /// Calls the body with the place of each weight in the file's tensor and in the array.
  private func forEachWeight(of layer: LayerLayout, _ body: (_ file: Int, _ index: Int) -> Void) {
    var file = 0
    let places = (0..<layer.inputs).flatMap { input in
      (0..<layer.taps).map { layer.index(output: 0, input: input, tap: $0) }
    }
    for output in 0..<layer.outputs {
      for place in places {
        body(file, place + output)
        file += 1
      }
    }
  }
}
