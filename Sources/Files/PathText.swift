import Glibc

/// File names as strings, without loss.
///
/// A file name on Linux is any sequence of bytes without NUL, a Swift string is always valid
/// Unicode. The bytes of a name that are not valid UTF-8 are kept as the 128 last code points of
/// the private plane 16: byte `0x80 + n` becomes U+10FF80 + n. A name that really holds such a code
/// point (four bytes) is treated as if these bytes were invalid, so the mapping can be undone
/// for every name. Everything that opens a file goes through here; everything that prints a name
/// goes through ``Escaping``, which shows such a byte as `\xNN`.
public enum PathText {
  static let firstStandIn: UInt32 = 0x10_FF80
  static let lastStandIn: UInt32 = 0x10_FFFF

  /// The byte that a scalar stands for, or nil for an ordinary character.
  static func standIn(_ scalar: Unicode.Scalar) -> UInt8? {
    guard (firstStandIn...lastStandIn).contains(scalar.value) else { return nil }
    return UInt8(scalar.value - firstStandIn) + 0x80
  }

  /// The string that keeps all bytes of a file name.
  public static func string(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: { standIn($0) != nil })
    {
      return text
    }
    var text = String.UnicodeScalarView()
    var position = 0
    while position < bytes.count {
      if let scalar = scalar(at: position, of: bytes), standIn(scalar) == nil {
        text.append(scalar)
        position += UTF8.width(scalar)
      } else {
        // Bytes below 0x80 are always valid on their own, so only 0x80 and up come here.
        text.append(Unicode.Scalar(firstStandIn + UInt32(bytes[position] & 0x7F)) ?? "?")
        position += 1
      }
    }
    return String(text)
  }

  /// The bytes of a file name, without a terminating NUL.
  public static func bytes(_ path: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(path.utf8.count)
    for scalar in path.unicodeScalars {
      if let byte = standIn(scalar) {
        bytes.append(byte)
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
      }
    }
    return bytes
  }

  /// The words of the command line, the program's name first, with no byte lost.
  ///
  /// `CommandLine.arguments` replaces invalid bytes and thereby names another file.
  public static func commandLine() -> [String] {
    (0..<Int(CommandLine.argc)).compactMap { index in
      CommandLine.unsafeArgv[index].map { argument in
        let length = strlen(argument)
        return argument.withMemoryRebound(to: UInt8.self, capacity: length) {
          string(Array(UnsafeBufferPointer(start: $0, count: length)))
        }
      }
    }
  }

  /// Calls the body with the name as the system wants it: bytes and a terminating NUL.
  package static func withCString<Result>(
    _ path: String, _ body: (UnsafePointer<CChar>) -> Result
  )
    -> Result
  {
    (bytes(path).map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
      // The array has at least the NUL, so its address exists.
      buffer.baseAddress.map(body) ?? body("")
    }
  }

  /// The folder part and the last part of a path; the folder of a bare name is `.`.
  package static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.unicodeScalars.lastIndex(of: "/") else { return (".", path) }
    let name = String(path.unicodeScalars[path.unicodeScalars.index(after: slash)...])
    let folder = String(path.unicodeScalars[..<slash])
    return (folder.isEmpty ? "/" : folder, name)
  }

  /// The path with all links followed; as it is where it leads nowhere.
  package static func resolved(_ path: String) -> String {
    guard let real = withCString(path, { realpath($0, nil) }) else { return path }
    defer { free(real) }
    let length = strlen(real)
    return real.withMemoryRebound(to: UInt8.self, capacity: length) {
      string(Array(UnsafeBufferPointer(start: $0, count: length)))
    }
  }

  /// The path of a name in a folder; a name that begins with a slash stays.
  package static func joined(_ folder: String, _ name: String) -> String {
    if name.hasPrefix("/") || folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  private static func scalar(at position: Int, of bytes: [UInt8]) -> Unicode.Scalar? {
    let length =
      switch bytes[position] {
      case 0x00...0x7F: 1
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    guard length > 0, position + length <= bytes.count else { return nil }
    return String(validating: bytes[position..<(position + length)], as: UTF8.self)?
      .unicodeScalars.first
  }
}
