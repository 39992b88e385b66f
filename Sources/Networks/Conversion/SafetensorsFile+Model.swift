import Checkpoints

extension SafetensorsFile {
  /// The file of a model: tensors and card, with format, architecture, provenance and the checksum of
  /// the tensors.
  ///
  /// - Parameters:
  ///   - encoder: The network's kind.
  ///   - tensors: All of its tensors.
  ///   - metadata: Variants and card, with checked values.
  ///   - provenance: JSON of where the tensors came from.
  /// - Throws: ``NetworkFault/metadataSize(key:bytes:limit:)``.
  public init(
    modelOf encoder: EncoderKind, tensors: [Tensor], metadata: [String: String],
    provenance: String
  ) throws(NetworkFault) {
    self.init(tensors: tensors, metadata: metadata)
    func set(_ key: MetadataKey, _ value: String) { self.metadata[key.rawValue] = value }
    self.metadata["format"] = "pt"
    set(.format, "\(MetadataKey.formatVersion)")
    set(.architecture, "arssr")
    set(.encoder, encoder.rawValue)
    set(.provenance, provenance)
    set(.tensorsSHA256, tensorsSHA256)
    try MetadataKey.checkSize(self.metadata)
  }
}
