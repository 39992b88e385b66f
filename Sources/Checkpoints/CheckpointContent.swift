import Files

/// What a container reader finds: where tensors lie in the file's bytes, and metadata.
package struct CheckpointContent {
  package var container: Container
  package var views: [TensorView]
  package var metadata: [String: String] = [:]
  package var stateDictKey: String?
  /// What the user should know, in words.
  package var remarks: [String] = []

  package init(container: Container, views: [TensorView]) {
    self.container = container
    self.views = views
  }

  /// Recognises the container by its content and reads its directory; no weight is copied.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - isNamedSafetensors: Whether the name ends so, which decides where the content does not.
  /// - Throws: ``CheckpointFault``.
  package init(
    _ bytes: UnsafeRawBufferPointer, isNamedSafetensors: Bool
  ) throws(CheckpointFault) {
    switch try FileSignature(bytes, isNamedSafetensors: isNamedSafetensors) {
    case .safetensors: self = try Self.readSafetensors(bytes)
    case .zip: self = try TorchZipReader.read(bytes)
    case .legacyTorch: self = try LegacyReader.read(bytes)
    case .pickle: throw PlainPickle.refusal(of: bytes)
    }
  }

  private static func readSafetensors(
    _ bytes: UnsafeRawBufferPointer
  ) throws(CheckpointFault) -> CheckpointContent {
    let header: SafetensorsHeader
    do {
      header = try SafetensorsHeader(bytes)
    } catch {
      throw .safetensors(error)
    }
    if let stored = header.metadata["arssr.tensors.sha256"] {
      let tensorBytes = UnsafeRawBufferPointer(rebasing: bytes[header.dataOffset...])
      let computed = SHA256Digest(of: tensorBytes).hexadecimal
      guard stored.lowercased() == computed else {
        throw .checksum(stored: stored, computed: computed)
      }
    }
    var content = CheckpointContent(container: .safetensors, views: header.tensors)
    content.metadata = header.metadata
    return content
  }
}
