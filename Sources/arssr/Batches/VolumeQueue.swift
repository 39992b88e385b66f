import Files
import Synchronization

/// The volumes of a run, given out one by one to those that work on them, and what became of them.
final class VolumeQueue: Sendable {
  private struct State {
    var next = 0
    var isStopped = false
    var ends: [Int: BatchEnd] = [:]
    /// Why no job could go on, whatever the volume.
    var refusal: Failure?
    /// What shows the volumes in work.
    var progress: [Int: Progress] = [:]
  }

  private let count: Int
  private let state = Mutex(State())

  init(count: Int) { self.count = count }

  /// The next volume, from 0; nil where there is none, or nothing more is to be begun.
  func next() -> Int? {
    guard Signals.stopRequest == nil else { return nil }
    return state.withLock { state in
      guard !state.isStopped, state.next < count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  /// Work on a volume begins, which `progress` shows.
  func begin(_ volume: Int, _ progress: Progress) {
    state.withLock { $0.progress[volume] = progress }
  }

  /// A volume has ended.
  func end(_ volume: Int, _ end: BatchEnd) {
    state.withLock { state in
      state.progress[volume] = nil
      state.ends[volume] = end
    }
  }

  /// Nothing more is begun.
  func stop() { state.withLock { $0.isStopped = true } }

  /// The run as a whole cannot go on.
  func refuse(_ failure: Failure) {
    state.withLock { state in
      state.isStopped = true
      state.refusal = state.refusal ?? failure
    }
  }

  /// - Throws: Why the run as a whole could not go on.
  func check() throws(Failure) {
    if let refusal = state.withLock({ $0.refusal }) { throw refusal }
  }

  /// What became of the volumes that have ended, in their order.
  var ends: [BatchEnd] {
    state.withLock { state in state.ends.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// Volumes in work.
  var runningCount: Int { state.withLock { $0.progress.count } }

  /// Prints a line per volume in work.
  func printStatus() {
    let progress = state.withLock { state in
      state.progress.sorted { $0.key < $1.key }.map(\.value)
    }
    progress.forEach { $0.printStatus() }
  }
}

/// What became of a volume.
struct BatchEnd: Sendable {
  let input: String
  let item: UpsampleReport.Item
  /// Why it has no result.
  let failure: Failure?
}
