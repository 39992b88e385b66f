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
      let variants = ArSSRVariants(metadata: checkpoint.metadata)
      let index = TensorIndex(checkpoint)
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
      notices = unknownKeys.map { key in
        Notice(
          code: "config.unknown", subject: checkpoint.path,
          message: "metadata key \(quoted(key)) is unknown and ignored")
      }
    } catch {
      throw NetworkError(subject: checkpoint.path, cause: error)
    }
  }
}

extension ArSSRConfiguration {
  /// Compares the whole table with the tensors that are there.
  func check(_ index: TensorIndex) throws(NetworkFault) {
    var difference = TableDifference(
      architecture: "arssr/\(encoder.rawValue)", featureChannels: featureChannels,
      extraInputs: extraInputs, missing: [], surplus: [], wrongShapes: [], wrongTypes: [])
    var known: Set<String> = []
    for (name, shape) in layers.flatMap(\.tensors) {
      known.insert(name)
      guard let tensor = index[name] else {
        difference.missing.append(name)
        continue
      }
      if tensor.shape != shape {
        difference.wrongShapes.append(.init(name: name, found: tensor.shape, needed: shape))
      } else if !tensor.elementType.isFloatingPoint {
        difference.wrongTypes.append(name)
      }
    }
    difference.surplus = index.names.filter { !known.contains($0) }
    guard difference.isEmpty else { throw .tensors(difference) }
  }
}
