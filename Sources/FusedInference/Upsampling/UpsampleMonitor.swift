import Synchronization

/// What a running job tells and what it is told: work done, stage, and the wish to stop.
///
/// Workers add to it, a progress display or a signal handler looks at it or cancels; all from any
/// thread. Work is counted in multiply-accumulates, so that the share done is a share of the time.
public final class UpsampleMonitor: Sendable {
  /// The parts of a job, in order.
  public enum Stage: Int, Sendable {
    /// Nothing has begun.
    case waiting
    /// The encoder makes feature maps.
    case encode
    /// The decoder (or an interpolation) makes output voxels.
    case decode
  }

  private let done = Atomic<Int>(0)
  private let total = Atomic<Int>(0)
  private let stageNumber = Atomic<Int>(0)
  private let cancelled = Atomic<Bool>(false)
  private let runs = Atomic<Int>(1)
  private let begunRuns = Atomic<Int>(0)

  /// Learns what every step took; nil, and no clock is read, where nobody wants to know.
  public let recorder: StepRecorder?

  /// Makes a monitor for one job or for several that follow each other.
  public init(recorder: StepRecorder? = nil) { self.recorder = recorder }

  /// The share of the announced work that is done, 0...1.
  public var fractionDone: Double {
    let total = total.load(ordering: .relaxed)
    return total > 0 ? min(1, Double(done.load(ordering: .relaxed)) / Double(total)) : 0
  }

  /// What runs now.
  public var stage: Stage { Stage(rawValue: stageNumber.load(ordering: .relaxed)) ?? .waiting }

  /// Whether the job was asked to stop.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Asks the job to stop: it ends within about a tenth of a second with
  /// ``InferenceError/cancelled``.
  public func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Ends a job that was asked to stop.
  func checkCancellation() throws(InferenceError) {
    if isCancelled { throw .cancelled }
  }

  /// Announces that a job consists of runs of about the same work, so that the first stands for all.
  ///
  /// From one thread, before the job begins.
  public func expect(runs count: Int) { runs.store(count, ordering: .relaxed) }

  /// The next run of such a job begins.
  func beginRun() { begunRuns.add(1, ordering: .relaxed) }

  /// Announces work that is to come; from one thread.
  func expect(_ operations: Int) {
    let count = runs.load(ordering: .relaxed)
    if count > 1, begunRuns.load(ordering: .relaxed) > 1 { return }
    let (all, isTooMuch) = operations.multipliedReportingOverflow(by: count)
    let (sum, overflow) = total.load(ordering: .relaxed).addingReportingOverflow(all)
    total.store(isTooMuch || overflow ? .max : sum, ordering: .relaxed)
  }

  /// Counts work that is done.
  func add(_ operations: Int) { done.add(operations, ordering: .relaxed) }

  func enter(_ stage: Stage) { stageNumber.store(stage.rawValue, ordering: .relaxed) }
}
