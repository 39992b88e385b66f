import FusedInference
import Profiling

/// What came of one setting.
struct BenchRun {
  let setting: BenchSetting
  let instructionSet: String
  let threads: Int
  let numaNodes: Int
  let peaks: MachinePeaks
  var results: [BenchResult] = []
  /// The fast path against the direct one; nil where only the direct one ran, or no network.
  var error: PathError?
  /// The ways in which the network's layers are computed; empty without a network.
  var layerCounts: [LayerCount] = []
}

/// A result with what is known of it in this run.
struct BenchResult {
  /// Name of the measurement with everything that it depends on, to be found again in a saved file.
  var name: String
  /// The short name of tables.
  var label: String
  var measured: BenchmarkResult
  /// Floating-point operations per second that its workers could do.
  var peak: Double
  /// Against the same result of a saved file.
  var comparison: Comparison?

  /// What was executed as a share of what could have been; nil where nothing is computed.
  var shareOfPeak: Double? {
    measured.operations > 0 ? measured.executedPerSecond / peak : nil
  }

  init(_ measured: BenchmarkResult, _ run: BenchRun) {
    self.measured = measured
    peak = run.peaks.operationsPerSecond(workers: measured.workers)
    let setting = run.setting
    name = "\(measured.name)/\(run.instructionSet)"
    if let tile = setting.tile { name += "/tile\(tile)" }
    if setting.computing.isExact { name += "/exact" }
    label = measured.label + (setting.label.map { " \($0)" } ?? "")
  }
}

/// Everything that a run of `bench` has found out.
struct BenchOutcome {
  var request: BenchRequest
  var subject: BenchSubject
  var machine: BenchMachine
  var runs: [BenchRun]

  var results: [BenchResult] { runs.flatMap(\.results) }
}

// MARK: - More threads

/// What several threads gained over one.
struct ThreadGain {
  /// Of the result with several threads.
  var label: String
  /// Time with one thread over time with several.
  var times: Double
  /// The same of multiply-adds without memory traffic.
  var ofPeak: Double

  /// How much of the gain that is there to be had.
  var share: Double { times / ofPeak }
}

extension BenchOutcome {
  /// Every result with several threads that was measured with one too, in a sweep over threads.
  var gains: [ThreadGain] {
    guard request.sweep == .threads, let first = runs.first, first.threads == 1 else { return [] }
    return runs.dropFirst().flatMap { run in
      run.results.compactMap { result in
        gain(of: result, over: first.results, peak: run.peaks.allCores / first.peaks.oneCore)
      }
    }
  }

  /// The gain of one result; nil where it does not compute, or runs on one core anyway.
  func gain(of result: BenchResult, over single: [BenchResult], peak: Double) -> ThreadGain? {
    guard result.measured.operations > 0, result.measured.workers > 1,
      let one = single.first(where: { $0.measured.label == result.measured.label })
    else { return nil }
    return ThreadGain(
      label: result.label,
      times: one.measured.seconds.median / result.measured.seconds.median, ofPeak: peak)
  }
}
