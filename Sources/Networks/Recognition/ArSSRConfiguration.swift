/// The sizes that define a network of the ArSSR family, and the tensors that follow from them.
public struct ArSSRConfiguration: Sendable, Equatable {
  /// Which encoder it is.
  public var encoder: EncoderKind
  /// Channels inside the encoder (RDN: G0).
  public var width: Int
  /// New channels per dense layer (RDN: G); equal to `width` in the others.
  public var growth: Int
  /// Dense or residual blocks.
  public var blocks: Int
  /// Convolutions per block (SRResNet: 2).
  public var layersPerBlock: Int
  /// Channels of the feature map, F.
  public var featureChannels: Int
  /// Linear layers per decoder stage, at least 2.
  public var decoderDepth: Int
  /// Width of the decoder's hidden layers.
  public var decoderWidth: Int
  /// Decoder inputs beyond the features: 3 coordinates, or 4 with a condition.
  public var extraInputs: Int

  /// Sizes given one by one.
  public init(
    encoder: EncoderKind, width: Int, growth: Int, blocks: Int, layersPerBlock: Int,
    featureChannels: Int, decoderDepth: Int, decoderWidth: Int, extraInputs: Int = 3
  ) {
    self.encoder = encoder
    self.width = width
    self.growth = growth
    self.blocks = blocks
    self.layersPerBlock = layersPerBlock
    self.featureChannels = featureChannels
    self.decoderDepth = decoderDepth
    self.decoderWidth = decoderWidth
    self.extraInputs = extraInputs
  }

  /// The sizes of the published class.
  public static func published(_ encoder: EncoderKind) -> ArSSRConfiguration {
    let (blocks, layers) =
      switch encoder {
      case .rdn: (8, 3)
      case .resCNN: (3, 6)
      case .srResNet: (18, 2)
      }
    return ArSSRConfiguration(
      encoder: encoder, width: 64, growth: 64, blocks: blocks, layersPerBlock: layers,
      featureChannels: 128, decoderDepth: 4, decoderWidth: 256)
  }
}

/// One layer as the file names it: `name.weight` of this shape and `name.bias` of its first size.
public struct LayerShape: Sendable, Equatable {
  /// Name without `.weight` or `.bias`.
  public let name: String
  /// `[out][in]` or `[out][in][k0][k1][k2]`.
  public let weight: [Int]

  /// Both tensors of the layer.
  public var tensors: [(name: String, shape: [Int])] {
    [(name + ".weight", weight), (name + ".bias", [weight[0]])]
  }
}

// MARK: - Tensor table

extension ArSSRConfiguration {
  /// All layers in the order of the published state dict.
  public var layers: [LayerShape] {
    let encoderLayers =
      switch encoder {
      case .rdn: rdnLayers
      case .resCNN: resCNNLayers
      case .srResNet: srResNetLayers
      }
    return encoderLayers + decoderStage("stage_one", last: decoderInputs)
      + decoderStage("stage_two", last: 1)
  }

  /// Numbers per query point.
  var decoderInputs: Int { featureChannels + extraInputs }

  private func convolution(
    _ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int
  )
    -> LayerShape
  {
    LayerShape(name: "encoder." + name, weight: [outputs, inputs, kernel, kernel, kernel])
  }

  private var rdnLayers: [LayerShape] {
    var layers = [convolution("sfe1", 1, width, 3), convolution("sfe2", width, width, 3)]
    for block in 0..<blocks {
      for layer in 0..<layersPerBlock {
        let inputs = width + growth * layer
        layers.append(convolution("rdbs.\(block).layers.\(layer).conv", inputs, growth, 3))
      }
      layers.append(convolution("rdbs.\(block).lff", width + growth * layersPerBlock, width, 1))
    }
    return layers + [
      convolution("gff.0", width * blocks, width, 1), convolution("gff.1", width, width, 3),
      convolution("output", width, featureChannels, 3),
    ]
  }

  private var resCNNLayers: [LayerShape] {
    var layers = [convolution("conv_start.0", 1, width, 3)]
    for block in 1...blocks {
      for layer in 0..<layersPerBlock {
        layers.append(convolution("block\(block).\(2 * layer)", width, width, 3))
      }
    }
    return layers + [convolution("conv_end.0", width, featureChannels, 3)]
  }

  private var srResNetLayers: [LayerShape] {
    var layers = [convolution("features.0.0", 1, width, 3)]
    for block in 1...blocks {
      layers.append(convolution("features.\(block).m.0.0", width, width, 3))
      layers.append(convolution("features.\(block).m.1.0", width, width, 3))
    }
    return layers + [
      convolution("features.\(blocks + 1).0", width, width, 3),
      convolution("features.\(blocks + 2).0", width, featureChannels, 3),
    ]
  }

  private func decoderStage(_ stage: String, last: Int) -> [LayerShape] {
    (0..<decoderDepth).map { layer in
      let outputs = layer == decoderDepth - 1 ? last : decoderWidth
      let inputs = layer == 0 ? decoderInputs : decoderWidth
      return LayerShape(name: "decoder.\(stage).\(2 * layer)", weight: [outputs, inputs])
    }
  }
}
