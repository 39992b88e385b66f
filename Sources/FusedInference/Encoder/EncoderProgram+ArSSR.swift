import Networks

extension EncoderProgram {
  /// The encoder of a network of ArSSR; the last step makes the feature map.
  init(_ network: ArSSRNetwork, choice: ConvolutionChoice) {
    self.init(images: 1, choice: choice)
    switch network.encoder {
    case .rdn(let encoder): appendRDN(encoder)
    case .resCNN(let encoder): appendResCNN(encoder)
    case .srResNet(let encoder):
      // 38 such layers in a row, whose errors add up along the sums of all blocks, would be 48.7 dB from
      // float32 where 55 are asked; RDN and ResCNN keep 55.8 and 58.9. Where the network only corrects an
      // interpolated volume, its errors are as small as its corrections (`precision.md` of the results).
      self.choice.roundsTransforms = network.variants.residual != .none
      appendSRResNet(encoder)
    }
    features = result
  }

  /// The residual dense network of Zhang and others (2018), as ArSSR uses it.
  ///
  /// The global fusion `gff.0` acts on the concatenation of all block results; it is summed block
  /// by block, so that no block result needs to be kept. The first layer, which the last one but
  /// one adds, is computed again there: it costs 0.03 % of the network and would have to be held
  /// over nearly its whole depth.
  private mutating func appendRDN(_ network: RDN) {
    let shallow = convolve("sfe1", [0], ConvolutionWeights(network.shallow1))
    var current = convolve("sfe2", [shallow], ConvolutionWeights(network.shallow2))
    var fused: Int?
    for (index, block) in network.blocks.enumerated() {
      var dense = [current]
      for (number, layer) in block.layers.enumerated() {
        dense.append(
          convolve(
            "rdbs.\(index).layers.\(number)", dense, ConvolutionWeights(layer), rectified: true))
      }
      current = convolve(
        "rdbs.\(index)", dense, ConvolutionWeights(block.fusion),
        adding: Summand(value: current, isBroadcast: false))
      let width = block.fusion.outputs
      let slice = ConvolutionWeights(
        network.globalFusion1, inputs: index * width..<(index + 1) * width, hasBias: index == 0)
      fused = convolve(
        "gff.0", [current], slice, adding: fused.map { Summand(value: $0, isBroadcast: false) })
    }
    let again = convolve("sfe1", [0], ConvolutionWeights(network.shallow1))
    let global = convolve(
      "gff.1", [fused ?? current], ConvolutionWeights(network.globalFusion2),
      adding: Summand(value: again, isBroadcast: false))
    _ = convolve("output", [global], ConvolutionWeights(network.output))
  }

  /// The ResCNN of Du and others (2020), as ArSSR uses it: all feature channels get the image.
  private mutating func appendResCNN(_ network: ResCNN) {
    let current = appendBlocks(of: network)
    _ = convolve(
      "conv_end", [current], ConvolutionWeights(network.end),
      adding: Summand(value: 0, isBroadcast: true))
  }

  /// All of ResCNN but the last layer; returns the value that this one reads.
  mutating func appendBlocks(of network: ResCNN) -> Int {
    var current = convolve(
      "conv_start", [0], ConvolutionWeights(network.start), rectified: true)
    for (number, block) in network.blocks.enumerated() {
      var inner = current
      for (index, layer) in block.enumerated() {
        let isLast = index == block.count - 1
        inner = convolve(
          isLast ? "block\(number + 1)" : "block\(number + 1).\(2 * index)", [inner],
          ConvolutionWeights(layer), rectified: true,
          adding: isLast ? Summand(value: current, isBroadcast: false) : nil)
      }
      current = inner
    }
    return current
  }

  /// The SRResNet of Ledig and others (2017) without batch normalisation, as ArSSR uses it.
  private mutating func appendSRResNet(_ network: SRResNet) {
    var current = convolve("features.0", [0], ConvolutionWeights(network.start))
    for (index, block) in network.blocks.enumerated() {
      let name = "features.\(index + 1)"
      let inner = convolve(
        "\(name).m.0", [current], ConvolutionWeights(block.first), rectified: true)
      current = convolve(
        name, [inner], ConvolutionWeights(block.second),
        adding: Summand(value: current, isBroadcast: false))
    }
    let last = network.blocks.count + 1
    current = convolve("features.\(last)", [current], ConvolutionWeights(network.middle))
    _ = convolve("features.\(last + 1)", [current], ConvolutionWeights(network.end))
  }
}
