import Checkpoints
import Files

/// One settings file: a JSON object whose keys are option names in camelCase; an object named after
/// a command holds for that command only.
struct SettingsFile: Sendable {
  let path: String
  private let everywhere: [String: String]
  private let ofCommand: [String: [String: String]]

  /// The commands that can have an object of their own, with their options.
  private static let commands: [(name: String, keys: [AnyOptionKey])] = [
    ("upsample", OptionCatalogue.common + OptionCatalogue.upsample),
    ("degrade", OptionCatalogue.common + OptionCatalogue.degrade),
    ("evaluate", OptionCatalogue.common + OptionCatalogue.evaluate),
    ("report", OptionCatalogue.common + OptionCatalogue.report),
    ("bench", OptionCatalogue.common + OptionCatalogue.bench),
    ("train", OptionCatalogue.common + OptionCatalogue.train),
    ("learn-filters", OptionCatalogue.common + OptionCatalogue.learnFilters),
    ("models", OptionCatalogue.common),
    ("info", OptionCatalogue.common),
  ]

  /// Reads and checks a file, all of its values included.
  ///
  /// - Throws: If the file cannot be read, is no JSON object, or has a key or value that means
  ///   nothing.
  init(path: String) throws(Failure) {
    self.path = path
    let bytes = try Failure.of(.settings) { () throws(FileError) in
      let file = try InputFile(path: path)
      // One byte more than the parser takes, so that it can say that there are too many.
      return try file.read(at: 0, count: StrictJSON.Limits.settings.bytes + 1)
    }
    let keys = OptionCatalogue.common + OptionCatalogue.upsample
    let known = keys.map(\.settingsKey) + Self.commands.map(\.name)
    let parsed = bytes.withUnsafeBytes { bytes in
      Result { () throws(JSONFault) in try JSONSettings(parsing: bytes, knownKeys: known) }
    }
    let root = try Self.checked(path) { () throws(JSONFault) in try parsed.get() }
    everywhere = try Self.texts(of: root.object, keys: keys, path: path)
    var ofCommand: [String: [String: String]] = [:]
    for command in Self.commands {
      let object = try Self.checked(path) { () throws(JSONFault) -> JSONObject? in
        guard let object = try root.child(command.name) else { return nil }
        return try JSONSettings(object, knownKeys: command.keys.map(\.settingsKey)).object
      }
      guard let object else { continue }
      ofCommand[command.name] = try Self.texts(of: object, keys: command.keys, path: path)
    }
    self.ofCommand = ofCommand
  }

  /// The file at a place where one may be, or nothing.
  static func ifPresent(path: String) throws(Failure) -> [SettingsFile] {
    guard FileIdentity(path: path) != nil else { return [] }
    return [try SettingsFile(path: path)]
  }

  /// The text that this file gives an option.
  func text(_ key: AnyOptionKey, command: String) -> String? {
    ofCommand[command]?[key.settingsKey] ?? everywhere[key.settingsKey]
  }

  private static func texts(
    of object: JSONObject, keys: [AnyOptionKey], path: String
  ) throws(Failure) -> [String: String] {
    var texts: [String: String] = [:]
    for key in keys {
      guard let value = object[key.settingsKey] else { continue }
      guard let text = key.optionText(value) else {
        throw Failure(
          .settingsValue(
            path: path, key: key.settingsKey, found: value.kind,
            reason: "must be a value that --\(key.name) takes"))
      }
      do throws(OptionValueError) {
        try key.check(text)
      } catch {
        throw Failure(
          .settingsValue(
            path: path, key: key.settingsKey, found: "\"\(Escaping.text(text))\"",
            reason: error.reason))
      }
      texts[key.settingsKey] = text
    }
    return texts
  }

  private static func checked<Value>(
    _ path: String, _ work: () throws(JSONFault) -> Value
  ) throws(Failure) -> Value {
    do throws(JSONFault) {
      return try work()
    } catch {
      throw Failure(JSONError(subject: path, cause: error), about: .settings)
    }
  }
}
