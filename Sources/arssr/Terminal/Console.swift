import Files
import Synchronization

/// Every message for the eye goes through here: to standard error as far as the user wants it, to
/// the log file always.
///
/// Until all checks have passed, warnings and choices are held: a refused run prints its one error
/// line and nothing else.
final class Console: Sendable {
  /// How much is printed.
  enum Level: String, WordValue, Comparable {
    case error
    case warning
    case info
    case debug

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
  }

  /// At most so many warnings of one kind are printed.
  static let mostOfOneKind = 20

  private struct Message {
    var level: Level
    var line: String
    var notice: Notice?
  }

  private struct State {
    var level: Level
    var log: LogFile?
    var isHolding = true
    var held: [Message] = []
    var warnings: [Notice] = []
    var counts: [String: Int] = [:]
    /// Whether the last event was written.
    var hasEnded = false
  }

  let progress: Progress
  /// The console of the run, for that of one of its volumes.
  private let parent: Console?
  private let state: Mutex<State>

  init(level: Level, log: LogFile?, progress: Progress) {
    self.progress = progress
    parent = nil
    state = Mutex(State(level: level, log: log))
  }

  private init(parent: Console, progress: Progress) {
    self.progress = progress
    self.parent = parent
    state = Mutex(State(level: parent.state.withLock { $0.level }, log: nil))
  }

  /// A console for one volume of many: it has warnings of its own, holds them until that volume's
  /// checks have passed, and prints through this one, which prints none of them twice.
  func ofVolume(_ progress: Progress) -> Console { Console(parent: self, progress: progress) }

  /// The warnings so far, for the JSON report and the sidecar.
  var warnings: [Notice] { state.withLock { $0.warnings } }

  /// Whether details are printed, so that it pays to measure them.
  var isDebugging: Bool { state.withLock { $0.level == .debug } }

  /// Something that the user should know and may accept; one that repeats is only counted.
  func warn(_ notice: Notice) {
    let isNew = state.withLock { state -> Bool in
      guard !state.warnings.contains(notice) else { return false }
      state.warnings.append(notice)
      state.counts[notice.code, default: 0] += 1
      return state.counts[notice.code, default: 0] <= Self.mostOfOneKind
    }
    guard isNew else { return }
    let text = Failure.text(subject: notice.subject, message: notice.message)
    emit(
      Message(
        level: .warning, line: Failure.shortened("arssr: warning: \(text)"), notice: notice))
  }

  /// The work on an input begins; see ``Progress/start(input:plan:values:)``.
  func start(input: String, plan: String, values: [(key: String, value: JSON)]) {
    record("arssr: \(Escaping.path(input)): \(plan)")
    progress.start(input: input, plan: plan, values: values)
  }

  /// The work on an input has ended well; see ``Progress/finish(line:values:)``.
  func finish(input: String, line: String, values: [(key: String, value: JSON)]) {
    record("arssr: \(Escaping.path(input)): \(line)")
    progress.finish(line: line, values: values)
  }

  /// Something was reached on the way; see ``Progress/milestone(line:event:values:)``.
  func milestone(
    input: String, line: String, event: String, values: [(key: String, value: JSON)]
  ) {
    let line = "arssr: \(Escaping.path(input)): \(line)"
    record(line)
    progress.milestone(line: line, event: event, values: [("input", .string(input))] + values)
  }

  /// A choice and its reason (`-v`).
  func info(_ text: String) { emit(Message(level: .info, line: "arssr: \(text)")) }

  /// A detail (`-vv`).
  func debug(_ text: String) { emit(Message(level: .debug, line: "arssr: \(text)")) }

  /// All checks have passed: what was held is printed.
  func release() {
    let held = state.withLock { state in
      state.isHolding = false
      defer { state.held = [] }
      return state.held
    }
    held.forEach(write)
  }

  /// Prints how many warnings of one kind were left out; the last thing of a run.
  func summariseWarnings() {
    let counts = state.withLock { $0.counts }
    for (code, count) in counts.sorted(by: { $0.key < $1.key }) where count > Self.mostOfOneKind {
      let rest = count - Self.mostOfOneKind
      emit(
        Message(
          level: .warning, line: "arssr: warning: and \(rest) more of this kind (\(code))"))
    }
  }

  /// A volume of many has a result already; see ``Progress/skip(line:values:)``.
  func skip(input: String, line: String, values: [(key: String, value: JSON)]) {
    record("arssr: \(Escaping.path(input)): \(line)")
    progress.skip(input: input, line: line, values: values)
  }

  /// Prints why a volume of many has no result.
  func report(_ failure: Failure, of input: String) {
    let failure = failure.naming(input)
    record(failure.line)
    if progress.form == .json {
      Progress.event("error", [("input", .string(input)), ("error", failure.json)])
    } else {
      progress.printLine(marked(failure.line, word: "error", colour: 31))
    }
  }

  /// Lines about the run as a whole, for the eye.
  func summarise(_ lines: [String]) {
    lines.forEach(record)
    switch progress.form {
    case .bar, .lines: lines.forEach(progress.printLine)
    case .json, .none: break
    }
  }

  /// Prints why the run ends.
  func report(_ failure: Failure) {
    record(failure.line)
    if progress.form == .json {
      Progress.event("error", [("error", failure.json)])
    } else {
      progress.printLine(marked(failure.lines, word: "error", colour: 31))
    }
  }

  /// Tells a program that reads events that there will be no more.
  func end(_ status: ExitStatus) { end(exit: status.rawValue) }

  /// The same where the program dies of a signal.
  func end(signal number: Int32) { end(exit: 128 + number) }

  private func end(exit: Int32) {
    let isFirst = state.withLock { state -> Bool in
      defer { state.hasEnded = true }
      return !state.hasEnded
    }
    guard isFirst, progress.form == .json else { return }
    Progress.event("end", [("exit", .integer(Int(exit)))])
  }

  /// Writes to the log file alone.
  private func record(_ line: String) {
    if let parent { return parent.record(line) }
    state.withLock { $0.log?.append(line) }
  }

  private func emit(_ message: Message) {
    let isHeld = state.withLock { state -> Bool in
      state.log?.append(message.line)
      if state.isHolding { state.held.append(message) }
      return state.isHolding
    }
    if !isHeld { write(message) }
  }

  private func write(_ message: Message) {
    if let parent {
      if let notice = message.notice { parent.warn(notice) } else { parent.emit(message) }
      return
    }
    let (level, line) = (message.level, message.line)
    guard state.withLock({ level <= $0.level }) else { return }
    if progress.form == .json {
      Progress.event(level.rawValue, [("message", .string(line))])
    } else if level == .warning {
      progress.printLine(marked(line, word: "warning", colour: 33))
    } else {
      progress.printLine(line)
    }
  }

  private func marked(_ line: String, word: String, colour: Int) -> String {
    guard Terminal.isInteractive, let range = line.firstRange(of: word) else { return line }
    let terminal = Terminal.detect()
    return line[..<range.lowerBound] + terminal.marked(word, colour: colour)
      + line[range.upperBound...]
  }
}
