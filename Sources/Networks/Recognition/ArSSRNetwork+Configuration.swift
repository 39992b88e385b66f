extension ArSSRNetwork {
  /// The sizes of this network.
  public var configuration: ArSSRConfiguration {
    let (growth, blocks, layers) =
      switch encoder {
      case .rdn(let network):
        (network.growth, network.blocks.count, network.blocks[0].layers.count)
      case .resCNN(let network): (network.width, network.blocks.count, network.blocks[0].count)
      case .srResNet(let network): (network.width, network.blocks.count, 2)
      }
    return ArSSRConfiguration(
      encoder: encoder.kind, width: encoder.width, growth: growth, blocks: blocks,
      layersPerBlock: layers, featureChannels: featureChannels, decoderDepth: decoder.depth,
      decoderWidth: decoder.width, extraInputs: variants.extraInputs)
  }
}
