import Files

extension Checkpoint {
  /// Whether a file is one of those that ``load(path:)`` reads: by its name, else by its content.
  ///
  /// A file that cannot be read is none, nor is one of a format that is only refused by name.
  public static func isRecognised(at path: String) -> Bool {
    if FilterArrays.areNamed(by: path) { return true }
    guard let file = try? InputFile(path: path), file.size <= largestFile,
      let bytes = try? file.read(at: 0, count: file.size)
    else { return false }
    return bytes.withUnsafeBytes { raw in
      switch try? FileSignature(raw, path: path) {
      case nil: return false
      case .zip?: return holdsTensors(zip: raw)
      case .safetensors?, .caffe?, .legacyTorch?, .pickle?: return true
      }
    }
  }

  /// Anything may lie in a zip, a volume too.
  private static func holdsTensors(zip bytes: UnsafeRawBufferPointer) -> Bool {
    guard let directory = try? ZipDirectory(bytes) else { return false }
    return directory.entries.contains { $0.name.hasSuffix(".pkl") || $0.name.hasSuffix(".npy") }
  }
}
