import Files

/// What a container reader finds: tensors, or where they lie in the file's bytes, and metadata.
package struct CheckpointContent {
  package var container: Container
  /// Tensors that lie in the file as they are.
  package var views: [TensorView]
  /// Tensors that had to be inflated or decoded.
  package var tensors: [Tensor] = []
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
  ///   - path: Its name, whose ending decides where the content does not.
  /// - Throws: ``CheckpointFault``.
  package init(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(CheckpointFault) {
    switch try FileSignature(bytes, path: path) {
    case .safetensors: self = try Self.readSafetensors(bytes)
    case .zip: self = try Self.readZip(bytes)
    case .caffe: self = try CaffeReader.read(bytes)
    case .legacyTorch: self = try LegacyReader.read(bytes)
    case .pickle: throw PlainPickle.refusal(of: bytes)
    }
  }

  /// A zip of NumPy arrays is what chainer writes; anything else can only be of torch.
  private static func readZip(
    _ bytes: UnsafeRawBufferPointer
  ) throws(CheckpointFault) -> CheckpointContent {
    let directory: ZipDirectory
    do {
      directory = try ZipDirectory(bytes)
    } catch {
      throw .zip(error)
    }
    let hasPickle = directory.entries.contains { $0.name.hasSuffix(".pkl") }
    let hasArray = directory.entries.contains { $0.name.hasSuffix(".npy") }
    return hasArray && !hasPickle
      ? try ChainerReader.read(directory) : try TorchZipReader.read(directory)
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
