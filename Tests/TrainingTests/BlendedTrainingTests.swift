import Checkpoints
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import Training

/// Training of weights that depend on the input.
@Suite struct BlendedTrainingTests {
  private static let problem = TrainingProblem.all[3]
  private static let rule = WeightBlend(spacings: [2, 4], blurs: [0, 1])

  private func trainer(threads: Int = 2, blend: WeightBlend? = rule) throws -> Trainer {
    var variants = Self.problem.variants
    variants.blend = blend
    return try Trainer(
      Self.problem.configuration, variants: variants,
      tensors: Initialisation.detail.tensors(Self.problem.configuration, seed: 1),
      settings: .fast, table: KernelTables.table(for: .best), pool: WorkerPool(threads: threads))
  }

  private func batch(_ spacing: SIMD3<Double>, _ blur: Double) -> TrainingBatch {
    let batch = Self.problem.batch
    return TrainingBatch(
      size: batch.size, samples: batch.samples,
      traits: InputTraits(spacing: spacing, blur: blur))
  }

  private func isZero(_ set: ParameterSet) -> Bool {
    (0..<set.values.count).allSatisfy { set.values.pointer[$0] == 0 }
  }

  /// Sets begin at 0, so the first step is that of the common weights; then those with a share move.
  @Test func setsWithAShareMove() throws {
    let blended = try trainer()
    let plain = try trainer(blend: nil)
    let loss = try blended.step(batch(SIMD3(repeating: 4), 0.5), progress: 0).loss
    #expect(try plain.step(Self.problem.batch, progress: 0).loss == loss)
    #expect(blended.sets.map(isZero) == [true, true, false, false, true])
    for index in 0..<blended.layout.count {
      #expect(blended.common.values.pointer[index] == plain.common.values.pointer[index])
    }
    _ = try blended.step(batch(SIMD3(1, 1, 2), 0), progress: 0)
    #expect(blended.sets.map(isZero) == [false, true, false, false, false])
  }

  /// What is shipped computes for an input what the training computed for it.
  @Test func theShippedNetworkIsThatOfTheTraining() throws {
    let network = try trainer()
    let traits = (SIMD3<Double>(3, 3, 2), 0.25)
    for step in 0..<8 {
      _ = try network.step(
        batch(step % 2 == 0 ? traits.0 : SIMD3(repeating: 2), 0.25), progress: 0.1)
    }
    var variants = Self.problem.variants
    variants.blend = Self.rule
    let shipped = try ArSSRNetwork(
      checkpoint: Checkpoint(
        tensors: try network.exportedTensors(), metadata: variants.metadata))
    let blended = shipped.blended(for: InputTraits(spacing: traits.0, blur: traits.1))
    let shares = Self.rule.shares(for: InputTraits(spacing: traits.0, blur: traits.1))
    let layer = network.layout.layers[network.layout.layers.count - 1]
    let stageTwo = blended.decoder.stageTwo
    let last = stageTwo[stageTwo.count - 1]
    for index in 0..<layer.inputs {
      let place = layer.index(output: 0, input: index, tap: 0)
      var expected = Double(network.common.shipped[place])
      for (set, share) in zip(network.sets, shares) {
        expected += Double(share) * Double(set.shipped[place])
      }
      expected *= Double(network.settings.outputFactor)
      #expect(abs(Double(last.weight[index]) - expected) < 1e-7)
    }
  }

  @Test func resumedOrOnOtherThreadsItHasTheSameBytes() throws {
    let batches = [
      batch(SIMD3(repeating: 2.5), 0.3), batch(SIMD3(1, 1, 4), 0), batch(SIMD3(repeating: 4), 1),
    ]
    let straight = try trainer()
    for step in 0..<6 { _ = try straight.step(batches[step % 3], progress: 0.1) }
    let first = try trainer(threads: 1)
    for step in 0..<3 { _ = try first.step(batches[step % 3], progress: 0.1) }
    let file = first.state()
    let second = try trainer()
    try second.restore(Checkpoint(tensors: file.tensors, metadata: file.metadata))
    for step in 3..<6 { _ = try second.step(batches[step % 3], progress: 0.1) }
    #expect(second.state().bytes == straight.state().bytes)
    var lacking = Checkpoint(tensors: file.tensors, metadata: file.metadata)
    lacking.metadata["train.adam.steps.4"] = nil
    #expect(throws: TrainingError.stateValue(key: "train.adam.steps.4", found: nil)) {
      try second.restore(lacking)
    }
  }

  /// What a model has learnt stays where a training begins with it.
  @Test func aTrainingBeginsWithTheSetsOfItsModel() throws {
    let first = try trainer()
    _ = try first.step(batch(SIMD3(repeating: 4), 1), progress: 0)
    let tensors = try first.exportedTensors()
    var variants = Self.problem.variants
    variants.blend = Self.rule
    let second = try Trainer(
      Self.problem.configuration, variants: variants, tensors: tensors, settings: .fast,
      table: KernelTables.table(for: .best), pool: WorkerPool(threads: 1))
    let again = try second.exportedTensors()
    #expect(again.map(\.name) == tensors.map(\.name))
    #expect(!isZero(second.sets[3]) && isZero(second.sets[0]))
  }
}
