import Checkpoints
import KernelInterface
import Networks
import SIMDKernels
import Testing
import Workers

@testable import Training

@Suite struct StartWatchTests {
  /// Trains from some weights until something is found.
  private func finding(
    _ problem: TrainingProblem, steps: Int = 100, rate: Double = 1e-4,
    _ change: (inout Tensor) -> Void
  ) throws -> StartWatch.Finding? {
    var tensors = problem.tensors
    for index in tensors.indices { change(&tensors[index]) }
    var settings = TrainerSettings.paper(stepsPerEpoch: 1000)
    settings.schedule.rate = rate
    let trainer = try Trainer(
      problem.configuration, variants: problem.variants, tensors: tensors, settings: settings,
      table: KernelTables.table(for: .best), pool: WorkerPool(threads: 1))
    var watch = StartWatch(hasBase: problem.variants.residual != .none)
    for _ in 0..<steps {
      if let finding = watch.look(at: try trainer.step(problem.batch, progress: 0)) {
        return finding
      }
    }
    return nil
  }

  private func set(_ tensor: inout Tensor, _ name: String, to value: Float) {
    if tensor.name == name { tensor.values = tensor.values.map { _ in value } }
  }

  @Test func aSoundStartIsLeftAlone() throws {
    #expect(try finding(TrainingProblem.all[0]) { _ in } == nil)
  }

  @Test func aLastReLUThatLetsNothingThroughIsFound() throws {
    let found = try finding(TrainingProblem.all[0]) {
      set(&$0, "decoder.stage_two.4.bias", to: -1000)
    }
    #expect(found == .deadOutput(step: 9))
  }

  @Test func unitsThatLetNoGradientThroughAreFound() throws {
    let found = try finding(TrainingProblem.all[3]) {
      set(&$0, "decoder.stage_two.2.bias", to: -1000)
    }
    #expect(found == .deadUnits(step: 9))
  }

  @Test func anInfiniteLossIsFound() throws {
    let found = try finding(TrainingProblem.all[3]) {
      set(&$0, "decoder.stage_two.4.bias", to: .infinity)
    }
    #expect(found == .notFinite(step: 0))
  }

  @Test func aNetworkThatAddsNothingIsFoundAfterTheGrace() {
    var watch = StartWatch(hasBase: true)
    let norm = GradientNorm(encoder: 1, all: 1)
    for step in 0..<StartWatch.grace {
      let report = Trainer.Report(
        step: step, loss: BatchLoss(mean: 1, meanOfZero: 1, positiveShare: 1), norm: norm, rate: 1)
      #expect(watch.look(at: report) == nil)
    }
    let report = Trainer.Report(
      step: StartWatch.grace, loss: BatchLoss(mean: 1, meanOfZero: 1, positiveShare: 1),
      norm: norm, rate: 1)
    #expect(watch.look(at: report) == .collapse(step: StartWatch.grace, ratio: 1))
  }
}
