import Files
import Synchronization
import Workers

/// How far the work is, and the one place that writes on the terminal while it goes on.
///
/// A terminal gets one line that is rewritten, a file gets plain lines now and then, a program gets
/// JSON objects. Any thread may report; at most ten times a second something is written.
final class Progress: Sendable {
  /// The forms that are left once `auto` is decided.
  enum Form: Equatable {
    case bar(Terminal)
    case lines
    case json
    case none
  }

  private struct State {
    var input = ""
    var stage = ""
    /// Share of all operations done, 0 to 1.
    var done = 0.0
    var start: ContinuousClock.Instant?
    var lastWrite: ContinuousClock.Instant?
    var lastStep = 0
    /// The line for the beginning, until it is printed.
    var startLine: String?
  }

  let form: Form
  private let bar: ProgressBarLine
  /// Which volume of many this is; nil for a run over one.
  private let place: SeriesPlace?
  private let state = Mutex(State())
  private let clock = ContinuousClock()

  init(form: Form) {
    self.form = form
    bar = ProgressBarLine(form: form)
    place = nil
  }

  private init(form: Form, bar: ProgressBarLine, place: SeriesPlace) {
    self.form = form
    self.bar = bar
    self.place = place
  }

  /// The progress of one volume of many, on the same terminal.
  func ofVolume(_ place: SeriesPlace) -> Progress { Progress(form: form, bar: bar, place: place) }

  /// The work begins: all checks have passed.
  ///
  /// As a plain line this shows after a second, or with the end: what ends at once for want of disk
  /// or memory leaves its one error line alone.
  func start(input: String, plan: String, values: [(key: String, value: JSON)]) {
    state.withLock { state in
      state = State(input: input, start: clock.now)
      switch form {
      case .lines: state.startLine = "arssr: \(Escaping.path(input)): \(plan)\n"
      case .json: Self.event("start", [("input", .string(input))] + values)
      case .bar, .none: break
      }
    }
  }

  /// Tells how far the work is.
  ///
  /// - Parameters:
  ///   - stage: A word for what is being done, e.g. `encode`.
  ///   - done: Share of all operations of this run, 0 to 1.
  func update(stage: String, done: Double) {
    state.withLock { state in
      guard let start = state.start else { return }
      state.stage = stage
      state.done = done
      place?.update(done: done)
      let now = clock.now
      if start.duration(to: now) >= .seconds(1) { printStart(&state) }
      guard isDue(state, now) else { return }
      state.lastWrite = now
      let figures = figures(state, elapsed: start.duration(to: now).seconds)
      switch form {
      case .bar(let terminal):
        if place?.isShown ?? true { bar.rewrite(figures.bar(terminal)) }
      case .lines:
        state.lastStep = Int(done * 10)
        StandardStreams.printMessage("arssr: \(figures.line)\n")
      case .json:
        Self.event("progress", figures.members)
      case .none: break
      }
    }
  }

  /// The work has ended well; `line` says what came of it.
  func finish(line: String, values: [(key: String, value: JSON)]) {
    state.withLock { state in
      bar.erase()
      printStart(&state)
      switch form {
      case .bar: bar.print("\(Escaping.path(state.input))  \(line)\n")
      case .lines: bar.print("arssr: \(Escaping.path(state.input)): \(line)\n")
      case .json: Self.event("output", [("input", .string(state.input))] + values)
      case .none: break
      }
      state.start = nil
    }
  }

  /// There was nothing to do for an input; `line` says why.
  func skip(input: String, line: String, values: [(key: String, value: JSON)]) {
    switch form {
    case .bar: printLine("\(Escaping.path(input))  \(line)")
    case .lines: printLine("arssr: \(Escaping.path(input)): \(line)")
    case .json: Self.event("output", [("input", .string(input))] + values)
    case .none: break
    }
  }

  /// Something was reached on the way; `line` says what.
  func milestone(line: String, event: String, values: [(key: String, value: JSON)]) {
    switch form {
    case .bar, .lines:
      state.withLock { printStart(&$0) }
      printLine(line)
    case .json: Self.event(event, values)
    case .none: break
    }
  }

  /// Prints a message between two states of the bar.
  func printLine(_ line: String) { bar.print(line + "\n") }

  /// One line on demand (SIGUSR1), whatever the form; to a program an event.
  func printStatus() {
    state.withLock { state in
      bar.erase()
      printStart(&state)
      let elapsed = state.start.map { $0.duration(to: clock.now).seconds }
      let present = elapsed.map { figures(state, elapsed: $0) }
      let line = "arssr: \(present?.line ?? "checking the input")"
      switch form {
      case .bar, .lines, .none: StandardStreams.printMessage(line + "\n")
      case .json:
        if let present {
          Self.event("progress", present.members)
        } else {
          Self.event("info", [("message", .string(line))])
        }
      }
    }
  }

  /// Takes the bar away, before the program ends.
  func clear() { bar.erase() }

  /// Writes one JSON object of `--progress json`.
  static func event(_ name: String, _ members: [(key: String, value: JSON)]) {
    let object = JSON.object([("event", .string(name))] + members)
    StandardStreams.printMessage(object.line + "\n")
  }

  private func printStart(_ state: inout State) {
    if let line = state.startLine.take() { StandardStreams.printMessage(line) }
  }

  private func isDue(_ state: State, _ now: ContinuousClock.Instant) -> Bool {
    let since = (state.lastWrite ?? state.start).map { $0.duration(to: now) } ?? .zero
    switch form {
    case .bar, .json: return state.lastWrite == nil || since >= .milliseconds(100)
    case .lines: return since >= .seconds(10) && Int(state.done * 10) > state.lastStep
    case .none: return false
    }
  }

  private func figures(_ state: State, elapsed: Double) -> ProgressFigures {
    // Before two seconds of work and a hundredth of it, a forecast would only jump about.
    let isForecastable = elapsed >= 2 && state.done >= 0.01
    return ProgressFigures(
      position: place?.text, input: state.input, stage: state.stage, done: state.done,
      seconds: elapsed,
      secondsLeft: place.map(\.secondsLeft)
        ?? (isForecastable ? elapsed * (1 - state.done) / state.done : nil),
      peakBytes: MemoryLimit.peakResidentBytes())
  }
}

/// The figures of one moment, and their texts.
struct ProgressFigures {
  /// `12/72` for one volume of many.
  var position: String?
  var input: String
  var stage: String
  var done: Double
  var seconds: Double
  var secondsLeft: Double?
  var peakBytes: Int

  private var percent: String { String(Int(done * 100)) }
  private var secondsText: String { NumberText.fixed(seconds, decimals: 1) + " s" }

  /// `left 9 s`, or from a minute on `left 3 min 9 s`.
  private var leftText: String? {
    secondsLeft.map { seconds in
      let whole = Int(min(seconds, 1e9).rounded())
      return whole < 60 ? "left \(whole) s" : "left \(whole / 60) min \(whole % 60) s"
    }
  }

  private var place: String { position.map { "\($0)  " } ?? "" }

  /// `sub-01.nii.gz: encode 50 %, 11.8 s, left 12 s`; of many `sub-01.nii.gz: 12/72, encode 50 %, ...`.
  var line: String {
    let position = position.map { "\($0), " } ?? ""
    return "\(Escaping.path(input)): \(position)\(stage) \(percent) %, \(secondsText)"
      + (leftText.map { ", \($0)" } ?? "")
  }

  /// `sub-01.nii.gz  encode ████░░░░  61 %  14.2 s  left 9 s  2.1 GiB`.
  func bar(_ terminal: Terminal) -> String {
    let filled = Int(done * 20)
    let bar = terminal.bar(filled: filled, of: 20)
    let padding = String(repeating: " ", count: 3 - percent.count)
    let left = leftText.map { "  \($0)" } ?? ""
    return "\(place)\(Escaping.path(input))  \(stage) \(bar) \(padding)\(percent) %  \(secondsText)"
      + "\(left)  \(ByteSize.text(peakBytes))"
  }

  var members: [(key: String, value: JSON)] {
    var members: [(key: String, value: JSON)] = [
      ("input", .string(input)), ("stage", .string(stage)),
      ("done", .number(Self.rounded(done, 1000))),
      ("seconds", .number(Self.rounded(seconds, 10))),
    ]
    if let position { members.append(("position", .string(position))) }
    if let secondsLeft { members.append(("secondsLeft", .number(Self.rounded(secondsLeft, 10)))) }
    return members
  }

  private static func rounded(_ value: Double, _ steps: Double) -> Double {
    (value * steps).rounded() / steps
  }
}

extension Duration {
  /// The duration as a number of seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
