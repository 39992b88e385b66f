import CThread
import Foundation
import KernelInterface
import Profiling
import SIMDKernels

/// Measures the peak of a core and the share of it that every kernel reaches, in one run.
///
///     kernel-benchmark [--isa SET] [--shape TEXT] [--rounds N] [--tile N] [--cpu N]
@main
enum KernelBenchmark {
  static func main() throws {
    let options = Options(CommandLine.arguments.dropFirst())
    let unit = options.integer("--cpu", default: Int(cthread_current_unit()))
    guard cthread_pin(Int32(unit)) == 0 else {
      print("cannot be pinned to processing unit \(unit)")
      exit(1)
    }
    let sets = options.text("--isa").flatMap(InstructionSet.init).map { [$0] }
    print("one thread on processing unit \(unit); CPU time of the thread; % of the best peak")
    for set in sets ?? InstructionSet.available.filter({ $0 != .generic }) {
      try measure(set, options)
    }
  }

  private static func measure(_ set: InstructionSet, _ options: Options) throws {
    let table = try KernelTables.table(for: set)
    let tile = options.integer("--tile", default: 96)
    func isChosen(_ name: String) -> Bool { options.text("--shape").map(name.contains) ?? true }
    var peak = Measurement(peakWorkload(table))
    var measurements = try KernelWorkload.all(table, tile: tile).filter { isChosen($0.name) }
      .map { Measurement(try $0.make()) }
    // Peak and kernels in turn, so that a change of clock or load meets all alike.
    for _ in 0..<options.integer("--rounds", default: 7) {
      peak.runOnce()
      for index in measurements.indices { measurements[index].runOnce() }
    }
    print("\n\(set.rawValue), peak \(format(peak.best)) GFLOP/s (median \(format(peak.median)))")
    for measurement in measurements {
      let name = measurement.workload.name.padding(toLength: 36, withPad: " ", startingAt: 0)
      let workload = measurement.workload
      let products = workload.executed.map { executed in
        let rate = measurement.best * Double(executed()) / Double(workload.operations)
        return "; executed \(format(rate)) GFLOP/s, \(share(rate, peak.best)) %"
      }
      print(
        "  \(name) best \(format(measurement.best)) GFLOP/s, "
          + "\(share(measurement.best, peak.best)) %; median \(format(measurement.median)), "
          + "\(share(measurement.median, peak.median)) % of the median peak" + (products ?? ""))
    }
  }

  private static func peakWorkload(_ table: KernelTable) -> KernelWorkload {
    // Lives as long as the program.
    let buffer = UnsafeMutablePointer<Float>.allocate(capacity: 64)
    buffer.initialize(repeating: 1, count: 64)
    let iterations = 200_000
    return KernelWorkload(
      name: "peak", operations: table.peak(iterations, buffer), voxels: 0, bytes: 0,
      run: { _ = table.peak(iterations, buffer) })
  }

  private static func format(_ rate: Double) -> String {
    String(format: "%6.1f", rate * 1e-9)
  }

  private static func share(_ rate: Double, _ peak: Double) -> String {
    String(format: "%5.1f", 100 * rate / peak)
  }
}

/// Options with one value each.
private struct Options {
  private let words: [String]

  init(_ words: ArraySlice<String>) { self.words = Array(words) }

  func text(_ name: String) -> String? {
    guard let index = words.firstIndex(of: name), index + 1 < words.count else { return nil }
    return words[index + 1]
  }

  func integer(_ name: String, default value: Int) -> Int {
    text(name).flatMap(Int.init) ?? value
  }
}
