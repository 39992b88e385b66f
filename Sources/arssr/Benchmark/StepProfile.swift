import FusedInference
import Profiling

/// Where the time of a result goes: the mean over its runs, step by step, and what is left.
struct StepProfile {
  struct Row {
    var stage: String
    var name: String
    /// Calls per run.
    var calls: Int
    var seconds: Double
    /// Of the time of the whole result.
    var share: Double
    var executedPerSecond: Double
    var effectivePerSecond: Double
    var shareOfPeak: Double
    /// Bytes of operands and results.
    var bytes: Int

    /// Bytes per second.
    var bytesPerSecond: Double { seconds > 0 ? Double(bytes) / seconds : 0 }
  }

  /// The steps in the order in which they run, then what no step accounts for.
  let rows: [Row]

  init(_ result: BenchResult) {
    let measured = result.measured
    let runs = Double(measured.runs)
    let total = measured.seconds.values.reduce(0, +) / Double(measured.seconds.values.count)
    func row(_ stage: String, _ name: String, calls: Int, seconds: Double, cost: StepCost) -> Row {
      let time = max(seconds, 1e-12)
      let executed = 2 * Double(cost.operations) / runs / time
      return Row(
        stage: stage, name: name, calls: calls, seconds: seconds, share: seconds / total,
        executedPerSecond: executed,
        effectivePerSecond: 2 * Double(cost.directOperations) / runs / time,
        shareOfPeak: executed / result.peak, bytes: cost.bytes / measured.runs)
    }
    var rows = measured.steps.map { step in
      row(
        step.stage.rawValue, step.name, calls: step.calls / measured.runs,
        seconds: step.seconds / runs, cost: step.cost)
    }
    let rest = total - rows.reduce(0) { $0 + $1.seconds }
    rows.append(row("", "other", calls: 1, seconds: max(0, rest), cost: StepCost()))
    self.rows = rows
  }
}
