/// The three bytes that some editors write before text in UTF-8, where they mean nothing.
package enum ByteOrderMark {
  private static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The bytes of a text without the mark that may stand before it.
  package static func skipped(in text: [UInt8]) -> [UInt8] {
    text.starts(with: bytes) ? Array(text.dropFirst(bytes.count)) : text
  }
}
