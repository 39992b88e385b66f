import Foundation
import Profiling

/// Rates of several runs of one workload, in operations per second of CPU time of the thread.
///
/// CPU time leaves out what other programs did on the core; the fastest run is the least disturbed.
struct Measurement {
  private var rates: [Double] = []
  private let repetitions: Int
  let workload: KernelWorkload

  /// Runs once to warm caches and to find how often to repeat, so that a run takes 5 ms or more.
  init(_ workload: KernelWorkload) {
    self.workload = workload
    let start = cpuSeconds()
    workload.run()
    repetitions = max(1, Int(0.005 / max(cpuSeconds() - start, 1e-6)))
  }

  mutating func runOnce() {
    let start = cpuSeconds()
    for _ in 0..<repetitions { workload.run() }
    rates.append(Double(workload.operations * repetitions) / (cpuSeconds() - start))
  }

  var best: Double { rates.max() ?? 0 }
  var median: Double { rates.sorted()[rates.count / 2] }
}

private func cpuSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
