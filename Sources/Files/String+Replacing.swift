extension String {
  /// The text with a character of ASCII written otherwise wherever it is, whatever stands beside it.
  ///
  /// `replacing(_:with:)` of the standard library compares whole characters, and a scalar such as
  /// U+0600 makes one character of itself and the `<` behind it, which is then no `<`. In UTF-8 a
  /// byte of ASCII is never a part of anything else.
  ///
  /// - Parameters:
  ///   - byte: The character, below 0x80.
  ///   - replacement: What stands in its place.
  /// - Returns: The other text.
  package func replacing(ascii byte: UInt8, with replacement: String) -> String {
    guard utf8.contains(byte) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    for next in utf8 {
      if next == byte {
        bytes.append(contentsOf: replacement.utf8)
      } else {
        bytes.append(next)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
