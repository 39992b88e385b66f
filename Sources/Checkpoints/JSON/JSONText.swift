/// Writing JSON text; reading is ``StrictJSON``.
public enum JSONText {
  /// A string with its quotes; only what JSON requires is escaped.
  public static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// An object of strings, keys in the order of their UTF-8 bytes.
  public static func object(_ members: [String: String]) -> String {
    object(members.map { (key: $0.key, text: string($0.value)) })
  }

  /// An object of members whose values are JSON text, keys in the order of their UTF-8 bytes.
  public static func object(_ members: [(key: String, text: String)]) -> String {
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return "{" + sorted.map { "\(string($0.key)):\($0.text)" }.joined(separator: ",") + "}"
  }
}
