import Foundation
import KernelInterface
import Networks
import Profiling
import RandomNumbers
import SIMDKernels
import Training
import Workers

/// Measures training steps of the paper's shapes and of the `fast` preset's, and prints a line of JSON:
/// the shortest and the median step, its rate by the definition, and the peak of the same threads.
///
///     training-benchmark [--preset paper|fast] [--width N] [--precision float32|bfloat16] [--isa SET]
///                        [--threads N] [--steps N]
@main
enum TrainingBenchmark {
  static func main() throws {
    let words = CommandLine.arguments
    func option(_ name: String) -> String? {
      words.firstIndex(of: name).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    }
    let preset = option("--preset") == "paper" ? Preset.paper : Preset.fast
    let precision = option("--precision").flatMap(Precision.init) ?? .float32
    let set = option("--isa").flatMap(InstructionSet.init) ?? InstructionSet.best
    let topology = Topology.detect()
    let threads = option("--threads").flatMap(Int.init) ?? topology.defaultThreads
    let steps = option("--steps").flatMap(Int.init) ?? (preset == .paper ? 5 : 60)
    let placement = try WorkerPlacement.plan(
      topology: topology, threads: threads, allHardwareThreads: false, pin: threads > 1)
    let pool = try WorkerPool(placement: placement)
    let table = try KernelTables.table(for: set)
    let peak = PeakMeasurement.operationsPerSecond(
      kernels: table, pool: pool, workers: threads, duration: 0.5, precision: precision
    ).maximum
    var configuration = preset.configuration
    if let width = option("--width").flatMap(Int.init) {
      configuration.width = width
      configuration.growth = width
    }
    let layout = ParameterLayout(configuration)
    let computation = try GradientComputation(
      layout, variants: preset.variants, loss: .l1, outputFactor: preset.outputFactor,
      precision: precision, table: table, pool: pool)
    let (parameters, gradient) = (
      try AlignedBuffer<Float>(count: layout.count), try AlignedBuffer<Float>(count: layout.count)
    )
    var generator = SplitMix64(seed: 1)
    for index in 0..<layout.count { parameters.pointer[index] = 0.02 * generator.nextSigned() }
    let adam = try Adam(layout, AdamSettings())
    let average = try WeightAverage(of: parameters.pointer, layout, decay: 0.999)
    let batch = preset.batch(&generator)
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for step in 0..<steps {
      let taken = try clock.measure {
        _ = try computation.compute(
          batch, parameters: parameters.pointer, gradient: gradient.pointer)
        let norm = GradientNorm(gradient.pointer, layout, pool)
        adam.update(
          parameters.pointer, gradient: gradient.pointer, factor: norm.factor(limit: 1),
          rate: 1e-4, pool)
        if preset == .fast { average.update(parameters.pointer, step: step, pool) }
      }
      let (whole, rest) = taken.components
      seconds.append(Double(whole) + Double(rest) * 1e-18)
    }
    seconds.sort()
    let operations = Double(Preset.operations(configuration, batch))
    let result = Result(
      preset: "\(preset)", width: configuration.width, precision: precision.rawValue,
      isa: set.rawValue, threads: threads, seconds: seconds[0], median: seconds[seconds.count / 2],
      operationsPerSecond: operations / seconds[0], peak: peak)
    print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
  }

  /// What is printed; rates in operations per second, a multiplication and an addition counted each.
  private struct Result: Encodable {
    let preset: String
    let width: Int
    let precision: String
    let isa: String
    let threads: Int
    let seconds: Double
    let median: Double
    let operationsPerSecond: Double
    let peak: Double
  }
}
