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

  private struct State {
    var level: Level
    var log: LogFile?
    var isHolding = true
    var held: [(level: Level, line: String)] = []
    var warnings: [Notice] = []
    var counts: [String: Int] = [:]
  }

  let progress: Progress
  private let state: Mutex<State>

  init(level: Level, log: LogFile?, progress: Progress) {
    self.progress = progress
    state = Mutex(State(level: level, log: log))
  }

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
    emit(.warning, Failure.shortened("arssr: warning: \(text)"))
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
  func info(_ text: String) { emit(.info, "arssr: \(text)") }

  /// A detail (`-vv`).
  func debug(_ text: String) { emit(.debug, "arssr: \(text)") }

  /// All checks have passed: what was held is printed.
  func release() {
    let held = state.withLock { state in
      state.isHolding = false
      defer { state.held = [] }
      return state.held
    }
    for (level, line) in held { write(level, line) }
  }

  /// Prints how many warnings of one kind were left out; the last thing of a run.
  func summariseWarnings() {
    let counts = state.withLock { $0.counts }
    for (code, count) in counts.sorted(by: { $0.key < $1.key }) where count > Self.mostOfOneKind {
      let rest = count - Self.mostOfOneKind
      emit(.warning, "arssr: warning: and \(rest) more of this kind (\(code))")
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
  func end(_ status: ExitStatus) {
    guard progress.form == .json else { return }
    Progress.event("end", [("exit", .integer(Int(status.rawValue)))])
  }

  /// Writes to the log file alone.
  private func record(_ line: String) { state.withLock { $0.log?.append(line) } }

  private func emit(_ level: Level, _ line: String) {
    let isHeld = state.withLock { state -> Bool in
      state.log?.append(line)
      if state.isHolding { state.held.append((level, line)) }
      return state.isHolding
    }
    if !isHeld { write(level, line) }
  }

  private func write(_ level: Level, _ line: String) {
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
