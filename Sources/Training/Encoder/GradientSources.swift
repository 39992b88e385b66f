/// Where the gradient of a value comes from: all that reads the value.
///
/// Together they are one 1x1x1 and one 3x3x3 convolution: the gradients of the readers' results are
/// the concatenated operands, the readers' turned weights the filters.
struct GradientSources: Sendable {
  /// A layer that reads the value.
  struct Reader: Sendable {
    var layer: Int
    /// The value's first channel in the layer's concatenation.
    var firstChannel: Int
    /// The value that the layer makes.
    var output: Int
  }

  /// Layers of one tap.
  var pointwise: [Reader] = []
  /// Layers of 27 taps.
  var spatial: [Reader] = []
  /// Batch normalisations; `layer` is their number.
  var normalised: [Reader] = []
  /// The value whose gradient is passed on as it is.
  var direct: Int?
  /// The value is the result of a ReLU.
  var isRectified = false

  /// The sources of every value of a graph; those of the patches and the feature map are empty.
  static func all(_ graph: EncoderGraph, _ layers: [LayerLayout]) -> [GradientSources] {
    var sources = [GradientSources](repeating: GradientSources(), count: graph.channels.count)
    func pass(_ value: Int, to summand: Int) {
      precondition(sources[summand].direct == nil, "value \(summand) is added twice")
      sources[summand].direct = value
    }
    for node in graph.nodes {
      sources[node.output].isRectified = node.isRectified
      if let summand = node.summand, !node.summandIsBroadcast {
        pass(node.output, to: summand)
      }
      if let normalisation = node.normalisation {
        var firstChannel = 0
        for input in node.inputs {
          sources[input].normalised.append(
            Reader(layer: normalisation, firstChannel: firstChannel, output: node.output))
          firstChannel += graph.channels[input]
        }
        continue
      }
      guard let layer = node.layer else {
        for input in node.inputs { pass(node.output, to: input) }
        continue
      }
      var firstChannel = 0
      for input in node.inputs where input != 0 {
        let reader = Reader(layer: layer, firstChannel: firstChannel, output: node.output)
        if layers[layer].taps == 1 {
          sources[input].pointwise.append(reader)
        } else {
          sources[input].spatial.append(reader)
        }
        firstChannel += graph.channels[input]
      }
    }
    return sources
  }
}
