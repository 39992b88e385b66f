/// Reads JSON without any leniency.
///
/// UTF-8 without byte order mark; one value, nothing after it but white space; no comments, no
/// trailing commas, no NaN; escapes complete and surrogates paired; no key twice in one object,
/// compared after unescaping. Depth, size and number of values are limited, so that a small file
/// cannot ask for much memory or stack.
///
/// Grammar: RFC 8259. The duplicate rule and the limits are ours.
public enum StrictJSON {
  /// How much a text may ask for.
  public struct Limits: Sendable {
    /// Largest size of the text.
    public var bytes: Int
    /// Deepest nesting of arrays and objects.
    public var depth: Int
    /// Largest number of values, members and elements together.
    public var values: Int

    /// Limits for one kind of text.
    public init(bytes: Int, depth: Int, values: Int) {
      self.bytes = bytes
      self.depth = depth
      self.values = values
    }

    /// Settings files, model cards and JSON inside metadata.
    public static let settings = Limits(bytes: 1 << 20, depth: 64, values: 100_000)
  }

  /// Parses a whole text.
  ///
  /// - Parameters:
  ///   - bytes: The text; it is not kept.
  ///   - limits: What the text may ask for.
  /// - Returns: The one value of the text.
  /// - Throws: ``JSONFault`` with the byte offset where the grammar is violated.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, limits: Limits = .settings
  ) throws(JSONFault) -> JSONValue {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= limits.bytes else {
      throw .tooLarge(bytes: bytes.count, limit: limits.bytes)
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw .byteOrderMark }
    // The library's check refuses overlong forms and surrogates; one pass here lets the parser
    // cut strings out of the text without looking again.
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
    var parser = JSONParser(bytes: bytes, limits: limits)
    return try parser.parseDocument()
  }

  /// Parses a text held in an array.
  public static func parse(
    _ bytes: [UInt8], limits: Limits = .settings
  ) throws(JSONFault) -> JSONValue {
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(JSONFault) in try parse(raw, limits: limits) }
    }
    return try result.get()
  }
}
