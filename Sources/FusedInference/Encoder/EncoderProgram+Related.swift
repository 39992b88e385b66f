import Networks

extension EncoderProgram {
  /// A related network; the last step makes its result, one channel without padding, or the channels of
  /// 3D-ESPCN's pixel shuffle.
  init(_ network: RelatedNetwork, choice: ConvolutionChoice) {
    self.init(images: network.images, choice: choice)
    switch network.layers {
    case .srrecnn3d(let layers): appendChain(layers)
    case .srcnn3d(let layers): append(layers)
    case .dcsrn(let layers): append(layers)
    case .resCNN(let layers):
      let last = appendBlocks(of: layers)
      _ = convolveToOne("conv_end", [last], ConvolutionWeights(layers.end), adding: Self.image)
    case .espcn3d(let layers): append(layers)
    }
    features = result
  }

  /// The first image, whatever others there are.
  private static let image = Summand(value: 0, isBroadcast: true)

  private mutating func appendChain(_ network: SRReCNN3D) {
    var current = 0
    for (number, layer) in network.convolutions.dropLast().enumerated() {
      current = convolve(
        "conv\(number + 1)", [current], ConvolutionWeights(layer), rectified: true)
    }
    let last = network.convolutions.count
    _ = convolveToOne(
      "conv\(last)", [current], ConvolutionWeights(network.convolutions[last - 1]),
      adding: network.isResidual ? Self.image : nil)
  }

  private mutating func append(_ network: SRCNN3D) {
    let first = convolve("conv1", [0], ConvolutionWeights(network.first), rectified: true)
    let second = convolve("conv2", [first], ConvolutionWeights(network.second), rectified: true)
    _ = convolveToOne("conv3", [second], ConvolutionWeights(network.third))
  }

  private mutating func append(_ network: ESPCN3D) {
    let first = convolve("conv1", [0], ConvolutionWeights(network.first), rectified: true)
    let second = convolve("conv2", [first], ConvolutionWeights(network.second), rectified: true)
    _ = convolve("conv3", [second], ConvolutionWeights(network.third))
  }

  /// Each unit makes its own normalised copy of every value that it reads, with a scale and shift of
  /// its own.
  ///
  /// The copies are made right behind the layer whose result is the last of those values, and are held
  /// for the reach of the unit's layer only.
  private mutating func append(_ network: DCSRN) {
    var dense = [convolve("conv0", [0], ConvolutionWeights(network.first))]
    for (number, unit) in network.units.enumerated() {
      let name = "unit\(number + 1)"
      var first = 0
      var active: [Int] = []
      for value in dense {
        let channels = first..<first + self.channels[value]
        first = channels.upperBound
        active.append(
          activate(
            "\(name).bn", value, after: dense[number],
            ScaleAndShift(unit.normalisation, channels: channels)))
      }
      dense.append(convolve("\(name).conv", active, ConvolutionWeights(unit.convolution)))
    }
    _ = convolveToOne(
      "recon", dense, ConvolutionWeights(network.reconstruction),
      adding: network.isResidual ? Self.image : nil)
  }
}
