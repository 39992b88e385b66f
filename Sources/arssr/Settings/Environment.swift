import Files
import Glibc

/// Variables of the environment; an empty one counts as not set.
enum Environment {
  static func value(_ name: String) -> String? {
    guard let start = getenv(name), start.pointee != 0 else { return nil }
    let length = strlen(start)
    return start.withMemoryRebound(to: UInt8.self, capacity: length) {
      PathText.string(Array(UnsafeBufferPointer(start: $0, count: length)))
    }
  }

  /// A folder of the XDG base directories (`$XDG_CONFIG_HOME`, else `~/.config`); nil without home.
  static func xdgFolder(_ variable: String, defaultBelowHome folder: String) -> String? {
    // The specification of these folders says that a relative path is to be ignored.
    if let folder = value(variable), folder.hasPrefix("/") { return folder }
    return value("HOME").map { "\($0)/\(folder)" }
  }
}
