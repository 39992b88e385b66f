import Synchronization
import Workers

/// An entry that a thread of its own makes, beside the training steps.
final class EntryTask: Sendable {
  let number: Int

  private let work: @Sendable () throws(TrainingDataError) -> DegradedEntry
  private let result: Outcome
  /// Nil where the system gave none.
  private let thread: SideThread?

  /// Where the thread leaves what it made.
  private final class Outcome: Sendable {
    let value = Mutex<Result<DegradedEntry, TrainingDataError>?>(nil)
  }

  /// Starts to work; where the system gives no thread, ``value()`` does the work.
  init(
    number: Int, _ work: @escaping @Sendable () throws(TrainingDataError) -> DegradedEntry
  ) {
    self.number = number
    self.work = work
    let result = Outcome()
    self.result = result
    thread = SideThread {
      let made = Result { () throws(TrainingDataError) in try work() }
      result.value.withLock { $0 = made }
    }
  }

  /// Waits for the entry.
  func value() throws(TrainingDataError) -> DegradedEntry {
    thread?.join()
    if let done = result.value.withLock({ $0 }) { return try done.get() }
    return try work()
  }
}
