/// The kind of a file by its first bytes.
enum FileSignature {
  case safetensors
  case zip
  case caffe
  case legacyTorch
  case pickle

  /// Recognises a file that may hold a checkpoint; formats known by name only are refused.
  ///
  /// The ending of the name decides where the content may be too damaged to do so.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(CheckpointFault) {
    func begins(with text: StaticString) -> Bool {
      text.withUTF8Buffer { bytes.starts(with: $0) }
    }
    func begins(with signature: [UInt8]) -> Bool { bytes.starts(with: signature) }

    guard !bytes.isEmpty else { throw .empty }
    if begins(with: "version https://git-lfs") { throw .pointer(.lfs) }
    if begins(with: "/annex/objects/") { throw .pointer(.annex) }
    if begins(with: [0x50, 0x4B, 3, 4]) || begins(with: [0x50, 0x4B, 5, 6]) {
      self = .zip
      return
    }
    if begins(with: LegacyReader.firstBytes) {
      self = .legacyTorch
      return
    }
    if begins(with: [0x89, 0x48, 0x44, 0x46]) { throw .foreignFormat(.hdf5) }
    if begins(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) { throw .foreignFormat(.numpy) }
    if begins(with: [0x1F, 0x8B]) { throw .foreignFormat(.gzip) }
    if begins(with: "name:") || begins(with: "layer") || begins(with: "input") {
      throw .foreignFormat(.prototxt)
    }
    if path.hasSuffix(".caffemodel") {
      self = .caffe
      return
    }
    if path.hasSuffix(".safetensors") || bytes.count > 8 && bytes[8] == UInt8(ascii: "{") {
      self = .safetensors
      return
    }
    if begins(with: [0x80]), bytes.count > 1, (2...5).contains(bytes[1]) {
      self = .pickle
      return
    }
    if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) {
      throw .foreignFormat(.tar)
    }
    // An ONNX file begins with the protobuf fields ir_version (a small number) and producer_name.
    if bytes.count > 3, bytes[0] == 0x08, bytes[1] < 0x80, bytes[2] == 0x12 {
      throw .foreignFormat(.onnx)
    }
    guard CaffeReader.recognises(bytes) else { throw .unknownFormat }
    self = .caffe
  }
}
