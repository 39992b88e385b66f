import Glibc

/// What the terminal behind standard error can show.
struct Terminal: Equatable {
  var width: Int
  /// Block characters; else `#` and `-`.
  var isUTF8: Bool
  var hasColour: Bool

  /// Whether standard error is a terminal that can rewrite a line.
  static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && Environment.value("TERM") != "dumb"
  }

  /// Asks the terminal, then the environment.
  static func detect() -> Terminal {
    var window = winsize()
    let answered = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &window) == 0 && window.ws_col > 0
    let columns = Environment.value("COLUMNS").flatMap { NumberText.integer($0) } ?? 80
    let locale =
      Environment.value("LC_ALL") ?? Environment.value("LC_CTYPE") ?? Environment.value("LANG")
      ?? ""
    let charset = locale.lowercased().filter { $0 != "-" }
    return Terminal(
      width: answered ? Int(window.ws_col) : max(20, columns),
      isUTF8: charset.firstRange(of: "utf8") != nil, hasColour: wantsColour)
  }

  /// `NO_COLOR` takes colour away, `CLICOLOR_FORCE` forces it, a dumb terminal has none.
  private static var wantsColour: Bool {
    if Environment.value("NO_COLOR") != nil { return false }
    if let force = Environment.value("CLICOLOR_FORCE"), force != "0" { return true }
    return isInteractive
  }

  /// A bar of a number of cells.
  func bar(filled: Int, of cells: Int) -> String {
    let full = String(repeating: isUTF8 ? "█" : "#", count: filled)
    let empty = String(repeating: isUTF8 ? "░" : "-", count: cells - filled)
    return hasColour ? "\u{1b}[36m\(full)\u{1b}[0m\(empty)" : full + empty
  }

  /// The word coloured (31: red, 33: yellow) where the terminal has colour.
  func marked(_ word: String, colour: Int) -> String {
    hasColour ? "\u{1b}[\(colour)m\(word)\u{1b}[0m" : word
  }

  /// The text in place of the present line, cut to the width; escape sequences take no room.
  func rewritten(_ text: String) -> String {
    var cut = ""
    var room = width - 1
    var isEscape = false
    for character in text {
      if character == "\u{1b}" { isEscape = true }
      if isEscape {
        cut.append(character)
        if character == "m" { isEscape = false }
      } else if room > 0 {
        cut.append(character)
        room -= 1
      }
    }
    return "\r\u{1b}[K" + cut
  }

  /// Nothing in place of the present line.
  var erased: String { "\r\u{1b}[K" }
}
