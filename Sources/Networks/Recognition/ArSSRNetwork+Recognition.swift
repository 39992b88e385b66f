import Checkpoints
import Files

extension ArSSRNetwork {
  /// Recognises a network in the tensors and metadata of a checkpoint.
  ///
  /// Names, shapes and element types of all tensors must be exactly those of the architecture
  /// recognised: nothing missing, nothing left over.
  ///
  /// - Throws: ``NetworkError`` with the path of the checkpoint.
  public init(checkpoint: Checkpoint) throws(NetworkError) {
    do throws(NetworkFault) {
      let unknownKeys = try MetadataKey.check(checkpoint.metadata)
      if let stated = checkpoint.metadata[MetadataKey.architecture.rawValue],
        stated != Architecture.arssr.rawValue
      {
        throw .otherArchitecture(stated)
      }
      var variants = ArSSRVariants(metadata: checkpoint.metadata)
      let rule = try WeightBlend(metadata: checkpoint.metadata)
      variants.blend = rule
      let prefixes = (0..<(rule?.setCount ?? 0)).map(BlendedWeights.prefix)
      let all = TensorIndex(checkpoint)
      let index = all.without(prefixes)
      let configuration = try ArSSRConfiguration(
        recognising: index, extraInputs: variants.extraInputs)
      if let stated = checkpoint.metadata[MetadataKey.encoder.rawValue],
        stated != configuration.encoder.rawValue
      {
        throw .encoderDiffers(stated: stated, found: configuration.encoder.rawValue)
      }
      try configuration.check(index)
      self.init(
        encoder: Encoder(configuration, index), decoder: Decoder(configuration, index),
        variants: variants)
      blend = try rule.map { rule throws(NetworkFault) in
        try BlendedWeights(rule, of: configuration, all)
      }
      notices = unknownKeys.map { .unknownKey($0, in: checkpoint.path) }
    } catch {
      throw NetworkError(subject: checkpoint.path, cause: error)
    }
  }
}

extension ArSSRConfiguration {
  /// Compares the whole table with the tensors that are there, whose names begin with a prefix.
  func check(_ index: TensorIndex, prefix: String = "") throws(NetworkFault) {
    var difference = TableDifference(
      architecture: "arssr/\(encoder.rawValue)", featureChannels: featureChannels,
      extraInputs: extraInputs, missing: [], surplus: [], wrongShapes: [], wrongTypes: [])
    let tensors = layers.flatMap(\.tensors).map { (name: prefix + $0.name, shape: $0.shape) }
    difference.compare(tensors, with: index)
    guard difference.isEmpty else { throw .tensors(difference) }
  }
}

extension Notice {
  /// Metadata that have no meaning.
  static func unknownKey(_ key: String, in path: String) -> Notice {
    Notice(
      code: "config.unknown", subject: path,
      message: "metadata key \(quoted(key)) is unknown and ignored")
  }
}
