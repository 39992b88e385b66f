/// Says what a file is that does not begin as a NIfTI header does.
enum FileRecognition {
  /// The cause to report in place of "not a NIfTI file".
  ///
  /// - Parameters:
  ///   - bytes: The beginning of the file, inflated; 1 KiB is enough.
  ///   - isInflated: Whether these bytes came out of a gzip stream.
  /// - Returns: nil if the bytes are of no known kind.
  static func cause(of bytes: [UInt8], isInflated: Bool) -> VolumeError.Cause? {
    func starts(_ magic: [UInt8], at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: magic)
    }
    func starts(_ text: String, at offset: Int = 0) -> Bool { starts(Array(text.utf8), at: offset) }

    if isInflated, isGzip(bytes) { return .compressedTwice }
    if starts("BZh") { return .compression("bzip2") }
    if starts([0xFD, 0x37, 0x7A, 0x58, 0x5A]) { return .compression("xz") }
    if starts([0x28, 0xB5, 0x2F, 0xFD]) { return .compression("zstd") }
    if starts("PK") { return .compression("zip") }
    if isZlib(bytes) { return .compression("zlib (without the frame of gzip)") }
    if starts([0x89, 0x50, 0x4E, 0x47]) { return .otherFormat("a PNG picture") }
    if starts("DICM", at: 128) { return .otherFormat("a DICOM file; convert it with dcm2niix") }
    if starts("<nifti_image") { return .otherFormat("the ASCII variant .nia, which is not read") }
    if starts("version https://git-lfs") { return .pointer(tool: "Git LFS") }
    let page = String(decoding: bytes.prefix(256).drop { $0 <= 0x20 }, as: UTF8.self).lowercased()
    // The content of a pointer file, or of a symbolic link that was checked out as a file.
    if page.hasPrefix("/annex/objects/") || page.contains(".git/annex/objects/") {
      return .pointer(tool: "git-annex")
    }
    if page.hasPrefix("<!doctype") || page.hasPrefix("<html") {
      return .otherFormat("a web page (HTML), perhaps an error message of a download")
    }
    return nil
  }

  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The two bytes of a zlib header (RFC 1950): method 8, window at most 32 KiB, check modulo 31.
  private static func isZlib(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 2 else { return false }
    return bytes[0] & 0x0F == 8 && bytes[0] >> 4 <= 7
      && (Int(bytes[0]) << 8 + Int(bytes[1])).isMultiple(of: 31) && bytes[1] & 0x20 == 0
  }
}
