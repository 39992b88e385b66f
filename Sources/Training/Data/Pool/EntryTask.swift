import Glibc
import Synchronization
import Workers

/// An entry that a thread of its own makes, beside the training steps.
final class EntryTask: Sendable {
  let number: Int

  private let work: @Sendable () throws(TrainingDataError) -> DegradedEntry
  private let result = Mutex<Result<DegradedEntry, TrainingDataError>?>(nil)
  private let thread = Mutex<pthread_t?>(nil)

  /// Starts to work; where the system gives no thread, ``value()`` does the work.
  init(
    number: Int, _ work: @escaping @Sendable () throws(TrainingDataError) -> DegradedEntry
  ) {
    self.number = number
    self.work = work
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<EntryTask>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    if code == 0 {
      thread.withLock { $0 = handle }
    } else {
      Unmanaged.passUnretained(self).release()
    }
  }

  /// Waits for the entry.
  func value() throws(TrainingDataError) -> DegradedEntry {
    if let handle = thread.withLock({ $0.take() }) { pthread_join(handle, nil) }
    if let done = result.withLock({ $0 }) { return try done.get() }
    return try work()
  }

  private func run() {
    let made = Result { () throws(TrainingDataError) in try work() }
    result.withLock { $0 = made }
  }
}
