import Checkpoints
import Files

/// Where the value of an option comes from.
enum SettingOrigin: Equatable, Sendable {
  case commandLine
  case environment(String)
  case file(String)
  case builtIn

  /// For the eye: `option`, `ARSSR_THREADS`, a path, `built in`.
  var text: String {
    switch self {
    case .commandLine: "option"
    case .environment(let variable): variable
    case .file(let path): path
    case .builtIn: "built in"
    }
  }
}

/// A value that somebody gave, with its text and where it was given.
struct Setting<Value: Sendable>: Sendable {
  var value: Value
  var text: String
  var origin: SettingOrigin

  /// The setting as it was given, for messages: `--threads 5`, `ARSSR_THREADS=5`.
  func asGiven(option: String) -> String {
    switch origin {
    case .commandLine, .builtIn: "--\(option) \(text)"
    case .environment(let variable): "\(variable)=\(text)"
    case .file(let path): "\(path): \(option) \(text)"
    }
  }
}

/// The settings files that hold for this run, and the one way in which option, environment and
/// files are weighed against each other.
struct Settings: Sendable {
  /// Files in the order in which they count, first wins.
  private let files: [SettingsFile]

  /// Reads the settings files.
  ///
  /// - Parameter path: The file of `--config`, in place of the user's own.
  /// - Returns: All settings files that there are.
  /// - Throws: If a file that was named is missing, or one that is there is not in order.
  static func load(config path: String?) throws(Failure) -> Settings {
    var files: [SettingsFile] = []
    if let path = path ?? Environment.value("ARSSR_CONFIG") {
      guard !path.isEmpty else { throw Failure(.emptyPath(argument: "--config")) }
      files.append(try SettingsFile(path: path))
    } else if let folder = Environment.xdgFolder("XDG_CONFIG_HOME", defaultBelowHome: ".config") {
      files += try SettingsFile.ifPresent(path: "\(folder)/arssr/config.json")
    }
    files += try SettingsFile.ifPresent(path: "/etc/xdg/arssr/config.json")
    return Settings(files: files)
  }

  /// The value of an option: from the command line, else the environment, else the first file that
  /// has it; nil where only the built-in value is left.
  ///
  /// On the command line a flag that was set has the text `true`. In a file the object named after
  /// `command` comes before the file's other keys.
  func value<Value>(
    _ key: OptionKey<Value>, given: String?, command: String
  ) throws(Failure) -> Setting<Value>? {
    if let given {
      do throws(OptionValueError) {
        let value = try Value(optionText: given)
        return Setting(value: value, text: given, origin: .commandLine)
      } catch {
        throw Failure(
          .optionValue(option: "--\(key.name)", value: given, reason: error.reason))
      }
    }
    if let variable = key.environment, let text = Environment.value(variable) {
      do throws(OptionValueError) {
        let value = try Value(optionText: text)
        return Setting(value: value, text: text, origin: .environment(variable))
      } catch {
        throw Failure(
          .environmentValue(variable: variable, value: text, reason: error.reason))
      }
    }
    let erased = key.erased
    for file in files {
      // The file was checked when it was read, so its text does parse.
      if let text = file.text(erased, command: command), let value = try? Value(optionText: text) {
        return Setting(value: value, text: text, origin: .file(file.path))
      }
    }
    return nil
  }

  /// Every option with the value that holds for a command and where it comes from, for `info`.
  func listing(
    command: String, keys: [AnyOptionKey]
  ) -> [(key: AnyOptionKey, text: String, origin: SettingOrigin)] {
    keys.map { key in
      if let variable = key.environment, let text = Environment.value(variable) {
        return (key, text, .environment(variable))
      }
      for file in files {
        if let text = file.text(key, command: command) { return (key, text, .file(file.path)) }
      }
      return (key, key.builtIn, .builtIn)
    }
  }
}
