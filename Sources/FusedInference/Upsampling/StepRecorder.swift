import Synchronization

/// What the calls of one step of a job did, added up.
public struct StepRecord: Sendable, Equatable {
  /// The part of a job that a step belongs to.
  public enum Stage: String, Sendable {
    /// Before the first block.
    case prepare
    /// The encoder.
    case encode
    /// The decoder and everything up to the finished voxel.
    case decode
  }

  /// The part of the job.
  public var stage: Stage
  /// A layer by its tensors' name, or a word for what is done.
  public var name: String
  /// How often the step ran.
  public var calls: Int
  /// Seconds, all workers at once.
  public var seconds: Double
  /// What was done.
  public var cost: StepCost
}

/// What a step has to do, whatever the time it takes.
public struct StepCost: Sendable, Equatable {
  /// Multiply-accumulates that are executed.
  public var operations: Int
  /// Multiply-accumulates of the direct method for the same result.
  public var directOperations: Int
  /// Bytes of all operands and results, each counted once: what must move if no cache helps.
  public var bytes: Int

  /// Collects the counts; where nothing else is said the direct method is what runs.
  public init(operations: Int = 0, directOperations: Int? = nil, bytes: Int = 0) {
    self.operations = operations
    self.directOperations = directOperations ?? operations
    self.bytes = bytes
  }

  /// Adds all counts.
  public static func += (sum: inout StepCost, other: StepCost) {
    sum.operations += other.operations
    sum.directOperations += other.directOperations
    sum.bytes += other.bytes
  }
}

/// Collects what the steps of one or several jobs took, for profiles; see ``UpsampleMonitor``.
public final class StepRecorder: Sendable {
  private let state = Mutex<[StepRecord]>([])
  private let finishing = Atomic<Int>(0)

  /// A recorder that has seen nothing.
  public init() {}

  /// The steps so far, in the order in which each first ran.
  public var steps: [StepRecord] { state.withLock { $0 } }

  /// Forgets everything.
  public func reset() {
    state.withLock { $0 = [] }
    finishing.store(0, ordering: .relaxed)
  }

  /// Counts one call of a step; from any thread.
  func add(_ stage: StepRecord.Stage, _ name: String, seconds: Double, cost: StepCost) {
    state.withLock { steps in
      guard let index = steps.firstIndex(where: { $0.stage == stage && $0.name == name }) else {
        steps.append(
          StepRecord(stage: stage, name: name, calls: 1, seconds: seconds, cost: cost))
        return
      }
      steps[index].calls += 1
      steps[index].seconds += seconds
      steps[index].cost += cost
    }
  }

  /// Counts the time of finishing one row, which is a part of the step `rows`; from any thread.
  func addFinishing(seconds: Double) {
    finishing.add(Int(seconds * 1e9), ordering: .relaxed)
  }

  /// Makes the finishing of rows since the last call a step of its own, taken out of `rows`, as if
  /// `workers` had shared it evenly.
  func separateFinishing(workers: Int) {
    let nanoseconds = finishing.exchange(0, ordering: .relaxed)
    let seconds = Double(nanoseconds) * 1e-9 / Double(workers)
    add(.decode, "finish", seconds: seconds, cost: StepCost())
    state.withLock { steps in
      if let rows = steps.firstIndex(where: { $0.name == "rows" }) {
        steps[rows].seconds -= seconds
      }
    }
  }
}

extension UpsampleMonitor {
  /// Runs a step, and tells the recorder, if there is one, how long it took.
  func step(
    _ stage: StepRecord.Stage, _ name: @autoclosure () -> String,
    _ cost: @autoclosure () -> StepCost, _ work: () -> Void
  ) {
    guard let recorder else { return work() }
    let clock = ContinuousClock()
    let start = clock.now
    work()
    recorder.add(stage, name(), seconds: (clock.now - start) / .seconds(1), cost: cost())
  }

  /// Runs the finishing of one row, which is a part of the step `rows`.
  func finishingRow(_ work: () -> Void) {
    guard let recorder else { return work() }
    let clock = ContinuousClock()
    let start = clock.now
    work()
    recorder.addFinishing(seconds: (clock.now - start) / .seconds(1))
  }
}
