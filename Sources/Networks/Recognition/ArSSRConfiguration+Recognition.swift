import Checkpoints

extension ArSSRConfiguration {
  /// Layers beyond this are a lie of the names; the published networks have 44 to 47.
  static let mostLayers = 16_384

  /// Infers the sizes from names and shapes.
  ///
  /// Where the tensor that tells a size is missing, the published size stands in, so that the
  /// comparison with the whole table afterwards names what is missing.
  ///
  /// - Throws: ``NetworkFault/notRecognised(examples:count:)`` if no first layer of a known encoder
  ///   is there.
  init(recognising index: TensorIndex, extraInputs: Int) throws(NetworkFault) {
    guard let kind = Self.encoderKind(index) else {
      throw .notRecognised(examples: Array(index.names.prefix(3)), count: index.names.count)
    }
    self = .published(kind)
    self.extraInputs = extraInputs
    switch kind {
    case .rdn: recogniseRDN(index)
    case .resCNN: recogniseResCNN(index)
    case .srResNet: recogniseSRResNet(index)
    }
    recogniseDecoder(index)
    let (encoderLayers, overflow) = blocks.multipliedReportingOverflow(by: layersPerBlock + 1)
    guard !overflow, encoderLayers <= Self.mostLayers, decoderDepth <= Self.mostLayers else {
      throw .tooManyLayers(limit: Self.mostLayers)
    }
    guard decoderDepth >= 2 else { throw .decoderTooShallow(depth: decoderDepth) }
    guard sizesAreModest else { throw .sizes }
  }

  private static func encoderKind(_ index: TensorIndex) -> EncoderKind? {
    if index["encoder.sfe1.weight"] != nil { return .rdn }
    if index["encoder.conv_start.0.weight"] != nil { return .resCNN }
    if index["encoder.features.0.0.weight"] != nil { return .srResNet }
    return nil
  }

  private mutating func recogniseRDN(_ index: TensorIndex) {
    width = index.size("encoder.sfe1.weight", axis: 0) ?? width
    growth = index.size("encoder.rdbs.0.layers.0.conv.weight", axis: 0) ?? width
    setBlocks(index.count(of: "encoder.rdbs.", ".lff.weight"))
    setLayers(index.count(of: "encoder.rdbs.0.layers.", ".conv.weight"))
    recogniseFeatures(index, lastLayer: "encoder.output.weight")
  }

  private mutating func recogniseResCNN(_ index: TensorIndex) {
    width = index.size("encoder.conv_start.0.weight", axis: 0) ?? width
    growth = width
    setBlocks(index.count(of: "encoder.block", ".0.weight") - 1)
    setLayers((index.count(of: "encoder.block1.", ".weight") + 1) / 2)
    recogniseFeatures(index, lastLayer: "encoder.conv_end.0.weight")
  }

  private mutating func recogniseSRResNet(_ index: TensorIndex) {
    width = index.size("encoder.features.0.0.weight", axis: 0) ?? width
    growth = width
    setBlocks(index.count(of: "encoder.features.", ".m.0.0.weight") - 1)
    recogniseFeatures(index, lastLayer: "encoder.features.\(blocks + 2).0.weight")
  }

  private mutating func recogniseFeatures(_ index: TensorIndex, lastLayer: String) {
    let decoderSays = index.size("decoder.stage_one.0.weight", axis: 1).map { $0 - extraInputs }
    featureChannels = index.size(lastLayer, axis: 0) ?? decoderSays ?? featureChannels
  }

  /// Takes a number of blocks that was found; none at all leaves the published one.
  private mutating func setBlocks(_ found: Int) {
    if found > 0 { blocks = found }
  }

  private mutating func setLayers(_ found: Int) {
    if found > 0 { layersPerBlock = found }
  }

  private mutating func recogniseDecoder(_ index: TensorIndex) {
    let count = index.count(of: "decoder.stage_one.", ".weight")
    if count > 0 { decoderDepth = (count + 1) / 2 }
    decoderWidth = index.size("decoder.stage_one.0.weight", axis: 0) ?? decoderWidth
  }

  /// Whether every size is positive and small enough that products of them stay far from
  /// overflow; a tensor of no elements can claim any size.
  private var sizesAreModest: Bool {
    [width, growth, featureChannels, decoderWidth].allSatisfy { (1...1_000_000).contains($0) }
  }
}
