import Checkpoints

extension SafetensorsFile {
  /// The file of a model: tensors and card, with format, architecture, provenance and the checksum of
  /// the tensors.
  ///
  /// - Parameters:
  ///   - network: What it holds, whose kind, encoder and, for related networks, form are stated.
  ///   - tensors: All of its tensors.
  ///   - metadata: Variants and card, with checked values.
  ///   - provenance: JSON of where the tensors came from.
  /// - Throws: ``NetworkFault/metadataSize(key:bytes:limit:)``.
  public init(
    modelOf network: Network, tensors: [Tensor], metadata: [String: String],
    provenance: String
  ) throws(NetworkFault) {
    self.init(tensors: tensors, metadata: metadata)
    func set(_ key: MetadataKey, _ value: String) { self.metadata[key.rawValue] = value }
    self.metadata["format"] = "pt"
    set(.format, "\(MetadataKey.formatVersion)")
    switch network {
    case .arssr(let network):
      set(.architecture, Architecture.arssr.rawValue)
      set(.encoder, network.encoder.kind.rawValue)
    case .related(let network): self.metadata.merge(network.metadata) { _, stated in stated }
    case .filters(let filters): self.metadata.merge(filters.metadata) { _, stated in stated }
    }
    set(.provenance, provenance)
    set(.tensorsSHA256, tensorsSHA256)
    try MetadataKey.checkSize(self.metadata)
  }
}
