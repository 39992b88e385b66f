import Checkpoints
import Foundation
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import Training

/// Three steps of a small related network, computed in double precision by another program
/// (`golden/sisr/train_*`, `golden/espcn/train`).
struct ImageGolden: Sendable, CustomTestStringConvertible {
  let folder: String
  let path: String
  let architecture: Architecture
  let settings: ImageTrainerSettings
  /// Ends of the names of weights and biases.
  var weight = ".weight"
  var bias = ".bias"
  var suffix = ""

  var testDescription: String { path }

  static let srrecnn3d = ImageGolden(
    folder: "sisr", path: "train_srrecnn3d", architecture: .srrecnn3d,
    settings: ImageTrainerSettings(
      loss: .caffe, rule: .adamOfCaffe, schedule: RateSchedule(rate: 1e-3), biasFactor: 0.1))
  static let espcn = ImageGolden(
    folder: "espcn", path: "train", architecture: .espcn3d,
    settings: ImageTrainerSettings(
      loss: .l2, rule: .adamOfCaffe, schedule: RateSchedule(rate: 1e-4)),
    weight: ".W", bias: ".b", suffix: "_zyx")
  static let dcsrn = ImageGolden(
    folder: "sisr", path: "train_dcsrn", architecture: .dcsrn,
    settings: ImageTrainerSettings(
      loss: .l2, rule: .adam(AdamSettings()), schedule: RateSchedule(rate: 1e-4)))
  static let srcnn3d = ImageGolden(
    folder: "sisr", path: "train_srcnn3d", architecture: .srcnn3d,
    settings: ImageTrainerSettings(
      loss: .caffe, rule: .descent(momentum: 0.9), schedule: RateSchedule(rate: 1e-5),
      biasFactor: 0.1))
  static let all = [srrecnn3d, espcn, dcsrn, srcnn3d]

  private var url: URL { Golden.folder(folder).appendingPathComponent(path) }

  /// A tensor of a part such as `init` or `grad1`, by our name.
  func values(_ part: String, _ name: String) throws -> NumPyArray {
    let stored = name.replacingOccurrences(of: ".weight", with: weight)
      .replacingOccurrences(of: ".bias", with: bias)
    return try NumPyArray(contentsOf: url.appendingPathComponent("\(part)/\(stored).npy"))
  }

  /// Our names of all tensors of a part.
  private func names(_ part: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: url.appendingPathComponent(part).path
    ).map {
      String($0.dropLast(4)).replacingOccurrences(of: weight, with: ".weight")
        .replacingOccurrences(of: bias, with: ".bias")
    }.sorted()
  }

  /// The network before the first step.
  func network() throws -> RelatedNetwork {
    let tensors = try names("init").map { name in
      let array = try values("init", name)
      return Tensor(name: name, shape: array.shape, values: array.floats)
    }
    // Arrays are in the order of their axes, whatever these are called.
    return try RelatedNetwork(
      checkpoint: Checkpoint(
        tensors: tensors,
        metadata: ["arssr.arch": architecture.rawValue, "arssr.axes": "zyx"]))
  }

  /// Its one batch.
  func batch() throws -> ImageBatch {
    let data = try NumPyArray(contentsOf: url.appendingPathComponent("data\(suffix).npy"))
    let label = try NumPyArray(contentsOf: url.appendingPathComponent("label\(suffix).npy"))
    func size(_ shape: [Int]) -> SIMD3<Int> { SIMD3(shape[4], shape[3], shape[2]) }
    let count = data.shape[0]
    let (inputs, targets) = (data.values.count / count, label.values.count / count)
    return ImageBatch(
      size: size(data.shape), targetSize: size(label.shape),
      samples: (0..<count).map { sample in
        ImageBatch.Sample(
          input: Array(data.floats[sample * inputs..<(sample + 1) * inputs]),
          target: Array(label.floats[sample * targets..<(sample + 1) * targets]))
      })
  }

  /// Before each of three steps and after the last.
  func losses() throws -> [Double] {
    let steps = try Golden.json(folder, "\(path)/steps.json") as? [String: Any]
    return steps?["losses_before_each_step_and_final"] as? [Double] ?? []
  }

  /// The manifest's tolerance of a tensor of a part.
  func tolerance(_ part: String, _ name: String, _ kind: String) throws -> Double {
    let stored = name.replacingOccurrences(of: ".weight", with: weight)
      .replacingOccurrences(of: ".bias", with: bias)
    let manifest = try Golden.json(folder) as? [String: Any]
    let entries = manifest?["entries"] as? [[String: Any]] ?? []
    let entry = entries.first { $0["file"] as? String == "\(path)/\(part)/\(stored).npy" }
    return entry?[kind] as? Double ?? 0
  }
}

@Suite("Training of related networks")
struct ImageGoldenTests {
  private static let cases = ImageGolden.all.flatMap { golden in
    InstructionSet.available.map { (golden, $0) }
  }

  private static func trainer(
    _ golden: ImageGolden, _ set: InstructionSet, threads: Int = 1
  ) throws -> ImageTrainer {
    try ImageTrainer(
      golden.network(), settings: golden.settings, table: KernelTables.table(for: set),
      pool: WorkerPool(threads: threads))
  }

  /// The manifest's tolerances are eight to ten times the error of a float32 run of PyTorch; a loss
  /// may differ by 1e-5, as in the goldens of ArSSR.
  @Test(arguments: cases)
  func threeStepsAreThoseOfDoublePrecision(_ golden: ImageGolden, _ set: InstructionSet) throws {
    let trainer = try Self.trainer(golden, set)
    let batch = try golden.batch()
    let losses = try golden.losses()
    try #require(losses.count == 4)
    for step in 0..<3 {
      let report = try trainer.step(batch, progress: 0)
      #expect(abs(report.loss.mean - losses[step]) <= 1e-5 * losses[step], "step \(step)")
      if step == 0 {
        for tensor in trainer.layout.tensors(trainer.gradient.pointer) {
          let expected = try golden.values("grad1", tensor.name).values
          let largest = expected.map(\.magnitude).max() ?? 0
          let limit = try golden.tolerance("grad1", tensor.name, "tol_rel") * largest
          let error = zip(tensor.values, expected).map { abs(Double($0) - $1) }.max() ?? 0
          #expect(limit > 0 && error <= limit, "\(set) \(tensor.name): \(error) of \(limit)")
        }
      }
      if step != 1 {
        let part = step == 0 ? "after1" : "after3"
        for tensor in trainer.layout.tensors(trainer.parameters.pointer) {
          let expected = try golden.values(part, tensor.name).values
          let limit = try golden.tolerance(part, tensor.name, "tol_abs")
          let error = zip(tensor.values, expected).map { abs(Double($0) - $1) }.max() ?? 0
          #expect(
            limit > 0 && error <= limit, "\(set) \(part) \(tensor.name): \(error) of \(limit)")
        }
      }
    }
    #expect(try trainer.step(batch, progress: 0).loss.mean <= losses[3] * (1 + 1e-5))
  }

  /// Momentum 0.1, the unbiased variance; from the values before the first step.
  @Test(arguments: InstructionSet.available)
  func runningStatisticsAreThoseOfPyTorch(_ set: InstructionSet) throws {
    let golden = ImageGolden.dcsrn
    let trainer = try Self.trainer(golden, set)
    _ = try trainer.step(golden.batch(), progress: 0)
    let units = try #require(trainer.statistics).units
    try #require(units.count == 4)
    for (index, unit) in units.enumerated() {
      for (name, found) in [("running_mean", unit.mean), ("running_var", unit.variance)] {
        let expected = try golden.values("running1", "unit\(index + 1).\(name)").values
        let error = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? 1
        #expect(found.count == expected.count && error <= 1e-6, "\(name): \(error)")
      }
    }
  }

  @Test(arguments: ImageGolden.all)
  func threadsAndResumingChangeNoByte(_ golden: ImageGolden) throws {
    let batch = try golden.batch()
    let whole = try Self.trainer(golden, .best)
    for _ in 0..<4 { _ = try whole.step(batch, progress: 0) }
    let first = try Self.trainer(golden, .best, threads: 3)
    for _ in 0..<2 { _ = try first.step(batch, progress: 0) }
    let bytes = first.state().bytes
    let state = try bytes.withUnsafeBytes { try Checkpoint.load($0, path: "last.safetensors") }
    let second = try Self.trainer(golden, .best, threads: 2)
    try second.restore(state)
    for _ in 0..<2 { _ = try second.step(batch, progress: 0) }
    #expect(second.steps == 4)
    #expect(second.state().bytes == whole.state().bytes)
    #expect(second.trained() == whole.trained())
  }
}
