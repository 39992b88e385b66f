import Checkpoints
import KernelInterface
import SIMDKernels
import TestSupport
import Testing

@testable import Training

/// Results of the published module in double precision; limits for float32 as its folder's README
/// recommends them (the published module in float32 stays within an eighth).
@Suite struct GoldenTrainingTests {
  private static let cases = TrainingGolden.configurations.flatMap { name in
    Loss.allCases.map { (name, $0) }
  }

  @Test(arguments: cases)
  func lossesAndGradientsAreThoseOfThePublishedModule(_ name: String, _ loss: Loss) throws {
    let golden = try TrainingGolden(name)
    for set in InstructionSet.available {
      let network = try TrainedNetwork(golden.layout, golden.tensors, loss: loss, set: set)
      let mean = try network.gradients(golden.batch).mean
      let expected = try golden.losses(loss)[0]
      #expect(abs(mean - expected) <= 1e-5 * expected, "\(set): \(mean), \(expected)")
      try compare(
        network.gradientTensors, golden.summaries(loss, "gradient"), limit: 2e-5, "\(set)")
      if let stored = try golden.stored(loss, "gradient") {
        compare(network.gradientTensors, stored, limit: 2e-5, "\(set)")
      }
    }
  }

  @Test(arguments: cases)
  func threeStepsOfAdamLeadToThePublishedParameters(_ name: String, _ loss: Loss) throws {
    let golden = try TrainingGolden(name)
    let network = try TrainedNetwork(golden.layout, golden.tensors, loss: loss)
    let losses = try golden.losses(loss)
    for step in 0..<3 {
      let mean = try network.gradients(golden.batch).mean
      #expect(abs(mean - losses[step]) <= 1e-5 * losses[step], "step \(step): \(mean)")
      network.update(rate: 1e-4)
    }
    let last = try network.gradients(golden.batch).mean
    #expect(abs(last - losses[3]) <= 1e-5 * losses[3], "after the last step: \(last)")
    let summaries = try golden.summaries(loss, "after3")
    for tensor in network.parameterTensors {
      let first = try #require(summaries[tensor.name]?["first8"] as? [Double])
      for (value, expected) in zip(tensor.values, first) {
        #expect(abs(Double(value) - expected) <= 2e-6, "\(tensor.name): \(value), \(expected)")
      }
    }
    if let stored = try golden.stored(loss, "after3") {
      let values = network.parameterTensors.flatMap(\.values)
      let far = zip(values, stored).count { abs(Double($0) - $1) > 1e-6 }
      #expect(Double(far) <= 0.001 * Double(stored.count), "\(far) of \(stored.count)")
    }
  }

  /// Length, sum and first values of every tensor.
  private func compare(
    _ tensors: [Tensor], _ summaries: [String: [String: Any]], limit: Double, _ context: String
  ) throws {
    for tensor in tensors {
      let summary = try #require(summaries[tensor.name])
      let length = try #require(summary["l2"] as? Double)
      let sum = try #require(summary["sum"] as? Double)
      let first = try #require(summary["first8"] as? [Double])
      let values = tensor.values.map(Double.init)
      let ownLength = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let name = "\(context), \(tensor.name)"
      #expect(abs(ownLength - length) <= limit * length, "\(name): \(ownLength), \(length)")
      let room = limit * length * Double(values.count).squareRoot()
      #expect(abs(values.reduce(0, +) - sum) <= room, "\(name): \(values.reduce(0, +)), \(sum)")
      for (value, expected) in zip(values, first) {
        #expect(abs(value - expected) <= limit * length, "\(name): \(value), \(expected)")
      }
    }
  }

  /// Relative distance of every tensor from stored values, in the order of the state dict.
  private func compare(
    _ tensors: [Tensor], _ stored: [Double], limit: Double, _ context: String
  ) {
    var first = 0
    for tensor in tensors {
      let expected = stored[first..<first + tensor.values.count]
      first += tensor.values.count
      var (distance, length) = (0.0, 0.0)
      for (value, expected) in zip(tensor.values, expected) {
        let difference = Double(value) - expected
        distance += difference * difference
        length += expected * expected
      }
      let relative = (distance / max(length, .leastNormalMagnitude)).squareRoot()
      #expect(relative <= limit, "\(context), \(tensor.name): \(relative)")
    }
    #expect(first == stored.count)
  }
}
