import Checkpoints

/// Layers in the order of a checked table.
private struct LayerReader {
  private let index: TensorIndex
  private var layers: ArraySlice<LayerShape>

  init(_ layers: some Sequence<LayerShape>, _ index: TensorIndex) {
    self.layers = ArraySlice(layers)
    self.index = index
  }

  private mutating func next() -> (shape: [Int], weight: [Float], bias: [Float]) {
    let layer = layers.removeFirst()
    guard let weight = index[layer.name + ".weight"], let bias = index[layer.name + ".bias"] else {
      preconditionFailure("\(layer.name): the table was checked")
    }
    return (layer.weight, weight.values, bias.values)
  }

  mutating func convolution() -> Convolution {
    let (shape, weight, bias) = next()
    return Convolution(
      weight: weight, bias: bias, inputs: shape[1], outputs: shape[0], kernel: shape[2])
  }

  mutating func linear() -> Linear {
    let (shape, weight, bias) = next()
    return Linear(weight: weight, bias: bias, inputs: shape[1], outputs: shape[0])
  }
}

extension Encoder {
  /// Takes the layers by role from tensors that match the configuration's table.
  init(_ configuration: ArSSRConfiguration, _ index: TensorIndex) {
    var reader = LayerReader(configuration.layers, index)
    let blocks = 0..<configuration.blocks
    let layers = 0..<configuration.layersPerBlock
    switch configuration.encoder {
    case .rdn:
      self = .rdn(
        RDN(
          shallow1: reader.convolution(), shallow2: reader.convolution(),
          blocks: blocks.map { _ in
            RDN.Block(
              layers: layers.map { _ in reader.convolution() }, fusion: reader.convolution())
          },
          globalFusion1: reader.convolution(), globalFusion2: reader.convolution(),
          output: reader.convolution()))
    case .resCNN:
      self = .resCNN(
        ResCNN(
          start: reader.convolution(),
          blocks: blocks.map { _ in layers.map { _ in reader.convolution() } },
          end: reader.convolution()))
    case .srResNet:
      self = .srResNet(
        SRResNet(
          start: reader.convolution(),
          blocks: blocks.map { _ in
            SRResNet.Block(first: reader.convolution(), second: reader.convolution())
          },
          middle: reader.convolution(), end: reader.convolution()))
    }
  }
}

extension Decoder {
  /// Takes both stages, which stand last in the configuration's table.
  init(_ configuration: ArSSRConfiguration, _ index: TensorIndex) {
    let depth = configuration.decoderDepth
    var reader = LayerReader(configuration.layers.suffix(2 * depth), index)
    self.init(
      stageOne: (0..<depth).map { _ in reader.linear() },
      stageTwo: (0..<depth).map { _ in reader.linear() })
  }
}
