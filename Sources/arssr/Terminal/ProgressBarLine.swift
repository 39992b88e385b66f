import Synchronization

/// The line of a terminal that is rewritten, which all volumes of a run share.
final class ProgressBarLine: Sendable {
  private let terminal: Terminal?
  private let isVisible = Mutex(false)

  init(form: Progress.Form) {
    if case .bar(let terminal) = form { self.terminal = terminal } else { terminal = nil }
  }

  /// Puts a text in place of the line.
  func rewrite(_ text: String) {
    guard let terminal else { return }
    isVisible.withLock { isVisible in
      StandardStreams.printMessage(terminal.rewritten(text))
      isVisible = true
    }
  }

  /// Takes the line away, if it is there.
  func erase() { print("") }

  /// Prints a text in its place, with whatever line feed it has.
  func print(_ text: String) {
    isVisible.withLock { isVisible in
      if isVisible, let terminal { StandardStreams.printMessage(terminal.erased) }
      isVisible = false
      if !text.isEmpty { StandardStreams.printMessage(text) }
    }
  }
}
