/// The date that reproducible builds give to what they make.
public enum SourceDate {
  /// Latest date that is taken: the end of the year 9999.
  private static let latest = 253_402_300_799

  /// Reads `SOURCE_DATE_EPOCH`: seconds since 1970; nil if it is not set.
  ///
  /// - Throws: ``NetworkFault/metadataValue(key:value:wanted:)`` if it is set to anything else.
  public static func read(_ environment: [String: String]) throws(NetworkFault) -> Int? {
    guard let text = environment["SOURCE_DATE_EPOCH"], !text.isEmpty else { return nil }
    guard let seconds = Int(text), (0...latest).contains(seconds) else {
      throw .metadataValue(
        key: "SOURCE_DATE_EPOCH", value: text, wanted: "seconds since 1970 as a whole number")
    }
    return seconds
  }
}
