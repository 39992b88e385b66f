/// Makes names and texts from files safe to print on one line of a terminal.
///
/// Control characters, bytes that are not UTF-8, line and paragraph separators, the characters
/// that turn the direction of writing (U+202A-202E, U+2066-2069 and the marks U+061C, U+200E,
/// U+200F) and the backslash are written as `\n`, `\x1b`, `\u{202e}`, `\\`. What is longer than
/// 200 bytes loses its middle.
public enum Escaping {
  static let longestBytes = 200

  /// A file name for a message.
  public static func path(_ path: String) -> String { escaped(path.unicodeScalars) }

  /// A string that comes from a file, for a message.
  public static func text(_ text: String) -> String { escaped(text.unicodeScalars) }

  /// A string that comes from a file, of any length: where it is what was asked for.
  public static func whole(_ text: String) -> String {
    text.unicodeScalars.map(piece).joined()
  }

  /// Bytes from a file that should be text, for a message; they end at the first NUL.
  public static func text(bytes: some Sequence<UInt8>) -> String {
    text(PathText.string(Array(bytes.prefix { $0 != 0 })))
  }

  private static func escaped(_ scalars: String.UnicodeScalarView) -> String {
    let pieces = scalars.map(piece)
    guard pieces.reduce(0, { $0 + $1.utf8.count }) > longestBytes else { return pieces.joined() }
    let ellipsis = "…"
    let half = (longestBytes - ellipsis.utf8.count) / 2
    return prefix(of: pieces, bytes: half).joined() + ellipsis
      + prefix(of: pieces.reversed(), bytes: half).reversed().joined()
  }

  private static func prefix(of pieces: [String], bytes: Int) -> ArraySlice<String> {
    var used = 0
    return pieces.prefix { piece in
      used += piece.utf8.count
      return used <= bytes
    }
  }

  private static func piece(_ scalar: Unicode.Scalar) -> String {
    if let byte = PathText.standIn(scalar) { return "\\x" + Hexadecimal.text(byte) }
    switch scalar.value {
    case 0x0A: return "\\n"
    case 0x0D: return "\\r"
    case 0x09: return "\\t"
    case 0x5C: return "\\\\"
    case 0x00..<0x20, 0x7F: return "\\x" + Hexadecimal.text(UInt8(scalar.value))
    case 0x80..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
      return "\\u{" + String(scalar.value, radix: 16) + "}"
    default: return String(scalar)
    }
  }
}

/// Bytes as two lower-case hexadecimal digits each.
public enum Hexadecimal {
  /// One byte, always two digits.
  public static func text(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  /// All bytes in order, without separators.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { text($0) }.joined()
  }

  /// A 32-bit number with all its eight digits, as checksums are written.
  public static func text(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
