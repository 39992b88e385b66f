import FusedInference

/// Predicts how long a job takes with any number of cores, from what its steps took with one.
///
/// A step takes the longer of two times, and a wait per call on top:
///
/// - arithmetic: its time with one core, by how much of it is done at once (``StepSchedule``) and by
///   the part of a core that each of several gets (``Machine/coreShare``);
/// - traffic: its bytes, each operand and result once, by the rate of the memory.
///
/// What it leaves out: caches that cores share. So it is held against a measurement with as many
/// workers as there are.
public struct ScalingModel: Sendable {
  /// What a core does and what cores share.
  public struct Machine: Sendable {
    /// Rate of a core among several over that of one alone, by the arithmetic peak; 1 at best.
    public var coreShare: Double
    /// Bytes per second, read and written, that one core moves.
    public var bytesPerCore: Double
    /// Seconds that a call costs with two workers beyond its items; more workers cost as much more
    /// as there are more, because they claim items from one word.
    public var secondsPerCall: Double

    /// Collects the figures.
    public init(coreShare: Double, bytesPerCore: Double, secondsPerCall: Double) {
      self.coreShare = coreShare
      self.bytesPerCore = bytesPerCore
      self.secondsPerCall = secondsPerCall
    }
  }

  /// Seconds with a number of cores, and how much of them is lost where.
  public struct Prediction: Sendable, Equatable {
    /// Seconds in all.
    public var seconds: Double = 0
    /// Seconds if all work were shared evenly, nothing waited, and memory kept up.
    public var ideal: Double = 0
    /// Seconds more because calls have too few items.
    public var items: Double = 0
    /// Seconds more because memory is slower than the cores.
    public var memory: Double = 0
    /// Seconds more because calls begin and end.
    public var calls: Double = 0
  }

  /// A step with one core, per run.
  private struct Step {
    var stage: StepRecord.Stage
    var name: String
    var seconds: Double
    var bytes: Double
  }

  private let steps: [Step]
  private let machine: Machine

  /// Takes what was measured.
  ///
  /// - Parameters:
  ///   - steps: Of `runs` runs with one worker.
  ///   - runs: How many.
  ///   - machine: Where they ran.
  public init(steps: [StepRecord], runs: Int, machine: Machine) {
    self.steps = steps.map { step in
      Step(
        stage: step.stage, name: step.name, seconds: step.seconds / Double(runs),
        bytes: Double(step.cost.bytes) / Double(runs))
    }
    self.machine = machine
  }

  /// Predicts a stage.
  ///
  /// - Parameters:
  ///   - stage: Encoder or decoder.
  ///   - cores: How many.
  ///   - schedule: How as many share the items of the steps.
  ///   - memory: Bytes per second of the memory; nil: as much as all cores can move.
  /// - Returns: Seconds per run.
  public func predict(
    _ stage: StepRecord.Stage, cores: Int, schedule: [StepSchedule], memory: Double? = nil
  ) -> Prediction {
    let all = Double(cores) * machine.bytesPerCore
    let rate = min(all, memory ?? all)
    let share = cores == 1 ? 1 : machine.coreShare
    var sum = Prediction()
    for step in steps where step.stage == stage {
      let shared = schedule.first { $0.stage == stage && $0.name == Self.scheduled(step.name) }
      let parallelism = shared?.parallelism ?? 1
      let ideal = step.seconds / Double(cores) / share
      let arithmetic = step.seconds / parallelism / share
      let traffic = step.bytes / rate
      let isPart = step.name != shared?.name
      let calls = cores == 1 || isPart ? 0 : Double(shared?.calls ?? 0) * wait(cores)
      sum.ideal += ideal
      sum.items += arithmetic - ideal
      sum.memory += max(0, traffic - arithmetic)
      sum.calls += calls
      sum.seconds += max(arithmetic, traffic) + calls
    }
    return sum
  }

  /// Finishing is a part of the calls that make rows.
  private static func scheduled(_ name: String) -> String { name == "finish" ? "rows" : name }

  private func wait(_ cores: Int) -> Double { machine.secondsPerCall * Double(cores) / 2 }
}
