import Checkpoints
import Files

/// A model card as a JSON file: an object of strings with full keys, for `models convert --card`.
public enum CardFile {
  /// Reads and checks a card.
  ///
  /// - Throws: `FileError`, `JSONError` for syntax and types, ``NetworkError`` for keys and values.
  public static func read(path: String) throws -> [String: String] {
    let file = try InputFile(path: path)
    guard file.size <= StrictJSON.Limits.settings.bytes else {
      throw JSONError(
        subject: path,
        cause: .tooLarge(bytes: file.size, limit: StrictJSON.Limits.settings.bytes))
    }
    let bytes = try file.read(at: 0, count: file.size)
    do {
      return try parse(bytes)
    } catch let fault as JSONFault {
      throw JSONError(subject: path, cause: fault)
    } catch let fault as NetworkFault {
      throw NetworkError(subject: path, cause: fault)
    }
  }

  static func parse(_ bytes: [UInt8]) throws -> [String: String] {
    let value = try StrictJSON.parse(bytes)
    guard case .object(let object) = value else {
      throw JSONFault.notAnObject(found: value.kind)
    }
    var card: [String: String] = [:]
    for key in object.keys {
      guard case .string(let text) = object[key] else {
        throw JSONFault.value(key: key, wanted: "a string", found: object[key]?.kind ?? "")
      }
      try ModelConversion.check(key, text)
      card[key] = text
    }
    return card
  }
}
