import FusedInference
import Glibc
import Synchronization
import Workers

/// Follows a run of one or several jobs: looks at the present one ten times a second, shows how far
/// the run is, and can stop it.
///
/// The jobs count their work; nobody calls the display from inside a loop.
final class ProgressTicker: Sendable {
  private struct Job {
    var number = 0
    var monitor = UpsampleMonitor()
  }

  private let progress: Progress
  private let jobCount: Int
  private let job = Mutex(Job())
  private let isCancelled = Atomic<Bool>(false)
  private let isStopped = Atomic<Bool>(false)
  private let thread = Mutex<SideThread?>(nil)

  /// Starts to look at a run of `jobCount` jobs that follow each other, all of the same size.
  ///
  /// Where the system gives no thread nothing is shown, which is no reason to stop.
  init(progress: Progress, jobCount: Int) {
    self.progress = progress
    self.jobCount = jobCount
    guard progress.form != .none else { return }
    thread.withLock { $0 = SideThread { [self] in run() } }
  }

  /// The monitor of the next job.
  func monitor(ofJob number: Int) -> UpsampleMonitor {
    job.withLock { job in
      job = Job(number: number, monitor: UpsampleMonitor())
      // A wish to stop that came between two jobs is meant for the next one.
      if isCancelled.load(ordering: .sequentiallyConsistent) { job.monitor.cancel() }
      return job.monitor
    }
  }

  /// Whether the run was asked to stop.
  var wasCancelled: Bool { isCancelled.load(ordering: .sequentiallyConsistent) }

  /// Asks the present job, and any later one, to stop.
  func cancel() {
    isCancelled.store(true, ordering: .sequentiallyConsistent)
    job.withLock { $0.monitor.cancel() }
  }

  /// Ends the display; it may be called again.
  func stop() {
    isStopped.store(true, ordering: .relaxed)
    thread.withLock { $0.take() }?.join()
  }

  private func run() {
    while !isStopped.load(ordering: .relaxed) {
      usleep(100_000)
      let (number, monitor) = job.withLock { ($0.number, $0.monitor) }
      let done = (Double(number) + monitor.fractionDone) / Double(jobCount)
      switch monitor.stage {
      case .waiting: break
      case .encode: progress.update(stage: "encode", done: done)
      case .decode: progress.update(stage: "decode", done: done)
      }
    }
  }
}
