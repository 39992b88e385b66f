import Synchronization

/// How far a run over many volumes is, by the work that each of them takes.
final class SeriesProgress: Sendable {
  private struct State {
    /// Work of all volumes that are computed, those to come included.
    var total: Double
    /// Work of the volumes that have ended.
    var done = 0.0
    /// Share done of each volume in work.
    var running: [Int: Double] = [:]
  }

  /// Work per volume, in any unit.
  private let work: [Double]
  private let state: Mutex<State>
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  /// - Parameter work: What each volume takes, in any unit.
  init(work: [Double]) {
    self.work = work
    state = Mutex(State(total: work.reduce(0, +)))
    start = clock.now
  }

  /// How many volumes there are.
  var count: Int { work.count }

  fileprivate func update(_ number: Int, done: Double) {
    state.withLock { $0.running[number] = done }
  }

  /// A volume has ended.
  ///
  /// - Parameters:
  ///   - number: From 0.
  ///   - wasComputed: Whether it took the time that its work stands for.
  func end(_ number: Int, wasComputed: Bool) {
    state.withLock { state in
      state.running[number] = nil
      if wasComputed { state.done += work[number] } else { state.total -= work[number] }
    }
  }

  fileprivate func isFirst(_ number: Int) -> Bool {
    state.withLock { $0.running.keys.min() == number }
  }

  /// Seconds until all volumes are done; nil before two seconds of work and a hundredth of it, when a
  /// forecast would only jump about.
  fileprivate var secondsLeft: Double? {
    let elapsed = start.duration(to: clock.now).seconds
    let (done, total) = state.withLock { state in
      (state.running.reduce(state.done) { $0 + work[$1.key] * $1.value }, state.total)
    }
    guard elapsed >= 2, done >= 0.01 * total, done > 0 else { return nil }
    return elapsed * (total - done) / done
  }
}

/// Which volume of many one is.
struct SeriesPlace: Sendable {
  /// From 0.
  let number: Int
  let series: SeriesProgress

  /// `12/72`.
  var text: String { "\(number + 1)/\(series.count)" }
  /// For all volumes.
  var secondsLeft: Double? { series.secondsLeft }
  /// Whether it is the one that a bar shows: the first of those in work.
  var isShown: Bool { series.isFirst(number) }

  func update(done: Double) { series.update(number, done: done) }
}
