import Files

/// A safetensors file to be written: float32 tensors and metadata.
///
/// The bytes depend on tensors and metadata alone: `__metadata__` first, keys and names in the order
/// of their UTF-8 bytes, no blank but the padding that brings the tensors to a multiple of 8.
public struct SafetensorsFile: Sendable {
  /// Tensors in the order of the file.
  public let tensors: [Tensor]
  /// Free text pairs.
  public var metadata: [String: String]

  /// Takes tensors in any order; names must be unique.
  public init(tensors: [Tensor], metadata: [String: String]) {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "tensor names are not unique")
    for tensor in tensors {
      precondition(
        tensor.shape.reduce(1, *) == tensor.values.count, "\(tensor.name): \(tensor.shape)")
    }
    self.tensors = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.metadata = metadata
  }

  /// SHA-256 of the tensors' bytes as they stand in the file.
  public var tensorsSHA256: String {
    var digest = SHA256Digest()
    for tensor in tensors { tensor.withLittleEndianBytes { digest.update($0) } }
    return digest.hexadecimal
  }

  /// Length of the header, and the header, padded with blanks.
  var header: [UInt8] {
    var entries: [String] = []
    if !metadata.isEmpty { entries.append("\"__metadata__\":\(JSONText.object(metadata))") }
    var offset = 0
    for tensor in tensors {
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(JSONText.string(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(entries.joined(separator: ","))}".utf8)
    text += repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  /// Hands out the bytes of the whole file, piece by piece.
  private func forEachPiece<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try header.withUnsafeBufferPointer { bytes throws(Failure) in
      try body(UnsafeRawBufferPointer(bytes))
    }
    for tensor in tensors { try tensor.withLittleEndianBytes(body) }
  }

  /// The whole file in memory.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    forEachPiece { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Writes the file so that it appears complete or not at all.
  ///
  /// - Parameters:
  ///   - path: The final name.
  ///   - force: Whether an existing file may be replaced.
  ///   - beforeReplacing: As of `AtomicOutputFile.commit`.
  /// - Throws: `FileError` with one of the cases for outputs.
  public func write(
    path: String, force: Bool, beforeReplacing: () -> Void = {}
  ) throws(FileError) {
    let file = try AtomicOutputFile(path: path, force: force)
    try forEachPiece { piece throws(FileError) in try file.write(piece) }
    try file.commit(beforeReplacing: beforeReplacing)
  }
}

extension Tensor {
  /// The values as little-endian float32 bytes, through a copy of one tensor.
  fileprivate func withLittleEndianBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let patterns = values.map(\.bitPattern.littleEndian)
    try patterns.withUnsafeBufferPointer { bits throws(Failure) in
      try body(UnsafeRawBufferPointer(bits))
    }
  }
}
