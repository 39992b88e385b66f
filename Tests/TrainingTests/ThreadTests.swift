import KernelInterface
import Networks
import TestSupport
import Testing

@testable import Training

@Suite struct ThreadTests {
  @Test(arguments: TrainingProblem.all, Precision.allCases)
  func threadsDoNotChangeAByte(_ problem: TrainingProblem, _ precision: Precision) throws {
    var one: [UInt32] = []
    for threads in [1, 2, 3] {
      let network = try TrainedNetwork(
        ParameterLayout(problem.configuration), problem.tensors, variants: problem.variants,
        loss: problem.loss, outputFactor: problem.outputFactor, precision: precision,
        threads: threads)
      for _ in 0..<2 {
        _ = try network.gradients(problem.batch)
        network.update(rate: 1e-3)
      }
      let bits = [network.gradient, network.parameters].flatMap { $0.elements.map(\.bitPattern) }
      if one.isEmpty { one = bits }
      #expect(bits == one, "\(threads) threads")
    }
  }

  @Test(arguments: Precision.allCases)
  func manyGroupsOfPointsDoNotDependOnThreads(_ precision: Precision) throws {
    // 42 groups of a tile each.
    var problem = TrainingProblem.all[0]
    problem.name = "many points"
    let side = (0..<20).map { 0.1 * Double($0) }
    let count = 20 * 20 * 20
    let batch = TrainingBatch(
      size: problem.size,
      samples: [
        TrainingBatch.Sample(
          patch: problem.values("patch", 60, bound: 0.5), points: .grid(i: side, j: side, k: side),
          targets: problem.values("target", count, bound: 0.5))
      ])
    var one: [UInt32] = []
    for threads in [1, 2, 8] {
      let network = try TrainedNetwork(
        ParameterLayout(problem.configuration), problem.tensors, precision: precision,
        threads: threads)
      _ = try network.gradients(batch)
      let bits = network.gradient.elements.map(\.bitPattern)
      if one.isEmpty { one = bits }
      #expect(bits == one, "\(threads) threads")
    }
  }
}
