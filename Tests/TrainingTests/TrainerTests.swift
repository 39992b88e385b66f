import Checkpoints
import Foundation
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import Training

@Suite struct TrainerTests {
  private static let problem = TrainingProblem.all[3]

  private func trainer(
    _ problem: TrainingProblem = Self.problem, _ settings: TrainerSettings = .fast,
    tensors: [Tensor]? = nil, threads: Int = 2
  ) throws -> Trainer {
    try Trainer(
      problem.configuration, variants: problem.variants,
      tensors: tensors ?? Initialisation.detail.tensors(problem.configuration, seed: 1),
      settings: settings, table: KernelTables.table(for: .best),
      pool: WorkerPool(threads: threads))
  }

  @Test(arguments: Precision.allCases)
  func onePatchIsLearntByHeart(_ precision: Precision) throws {
    // 45 dB beyond the range 1 of the target are a mean squared error of 3.2e-5.
    var settings = TrainerSettings.fast
    settings.loss = .l2
    settings.outputFactor = 1
    settings.precision = precision
    settings.schedule = RateSchedule(rate: 2e-3, warmUp: 20, decay: .cosine(floor: 0.01))
    var problem = Self.problem
    problem.samples = 1
    let network = try trainer(problem, settings)
    var mean = Double.infinity
    // Rounded gradients jump about the minimum a little longer.
    let steps = precision == .bfloat16 ? 2500 : 1500
    for step in 0..<steps {
      mean = try network.step(problem.batch, progress: Double(step) / Double(steps)).loss.mean
    }
    #expect(-10 * log10(mean) > 45, "\(-10 * log10(mean)) dB")
  }

  @Test(arguments: Precision.allCases)
  func aResumedTrainingHasTheSameBytes(_ precision: Precision) throws {
    var settings = TrainerSettings.fast
    settings.precision = precision
    let batch = Self.problem.batch
    let straight = try trainer(Self.problem, settings)
    for _ in 0..<6 { _ = try straight.step(batch, progress: 0.1) }
    let first = try trainer(Self.problem, settings)
    for _ in 0..<3 { _ = try first.step(batch, progress: 0.1) }
    let folder = try TemporaryFolder()
    let path = folder.file("last.safetensors")
    try first.state(metadata: ["note": "kept"]).write(path: path, force: false)
    let second = try trainer(Self.problem, settings, threads: 1)
    let checkpoint = try Checkpoint.load(path: path)
    #expect(checkpoint.metadata["note"] == "kept")
    try second.restore(checkpoint)
    for _ in 0..<3 { _ = try second.step(batch, progress: 0.1) }
    #expect(second.state().bytes == straight.state().bytes)
    #expect(second.steps == 6)
  }

  @Test func aStateThatLacksSomethingIsRefused() throws {
    let network = try trainer()
    let file = network.state()
    var checkpoint = Checkpoint(tensors: file.tensors, metadata: file.metadata)
    checkpoint.metadata["train.steps"] = "-1"
    #expect(throws: TrainingError.stateValue(key: "train.steps", found: "-1")) {
      try network.restore(checkpoint)
    }
    checkpoint = Checkpoint(tensors: Array(file.tensors.dropLast()), metadata: file.metadata)
    #expect(throws: TrainingError.self) { try network.restore(checkpoint) }
  }

  @Test func theExportedNetworkMakesWhatWasTrained() throws {
    // The first average is the start itself, and the start goes in and out by the output factor.
    let tensors = Self.problem.tensors
    let network = try trainer(tensors: tensors)
    for (exported, tensor) in zip(try network.exportedTensors(), tensors) {
      #expect(exported.name == tensor.name && exported.shape == tensor.shape)
      for (value, expected) in zip(exported.values, tensor.values) {
        #expect(abs(value - expected) <= 1e-6 * abs(expected))
      }
    }
  }

  @Test func aNetworkThatStartsFromDetailIsItsBase() throws {
    let report = try trainer().step(Self.problem.batch, progress: 0)
    #expect(report.loss.mean == report.loss.meanOfZero)
  }

  @Test func theAverageFollowsItsFormula() throws {
    let layout = ParameterLayout(Self.problem.configuration)
    let pool = try WorkerPool(threads: 1)
    let values = try AlignedBuffer<Float>(count: layout.count)
    let average = try WeightAverage(of: values.pointer, layout, decay: 0.999)
    var expected = 0.0
    for step in 0..<50 {
      values.elements.update(repeating: Float(step))
      average.update(values.pointer, step: step, pool)
      let kept = min(0.999, Double(1 + step) / Double(10 + step))
      expected = kept * expected + (1 - kept) * Double(step)
    }
    #expect(abs(Double(average.values.pointer[5]) - expected) <= 1e-5 * expected)
  }
}
