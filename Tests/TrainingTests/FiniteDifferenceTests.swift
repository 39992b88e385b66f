import Checkpoints
import KernelInterface
import SIMDKernels
import TestSupport
import Testing

@testable import Training

/// Gradients against differences of a loss in double precision.
@Suite struct FiniteDifferenceTests {
  /// A step that moves a loss of order 1 by 1e6 roundings of double precision; what it leaves of the
  /// second derivative is of its own order.
  private static let step = 1e-6

  @Test(arguments: TrainingProblem.all)
  func gradientsAreThoseOfTheLoss(_ problem: TrainingProblem) throws {
    let tensors = problem.tensors
    let batch = problem.batch
    let reference = ReferenceNetwork(
      configuration: problem.configuration, variants: problem.variants, loss: problem.loss,
      outputFactor: Double(problem.outputFactor),
      tensors: Dictionary(
        uniqueKeysWithValues: tensors.map { ($0.name, $0.values.map(Double.init)) }))
    let expected = reference.loss(of: batch)
    let known = Dictionary(
      uniqueKeysWithValues: tensors.map { tensor in
        (tensor.name, slopes(of: tensor, reference, batch, problem))
      })
    for set in InstructionSet.available {
      let network = try TrainedNetwork(
        ParameterLayout(problem.configuration), tensors, variants: problem.variants,
        loss: problem.loss, outputFactor: problem.outputFactor, set: set)
      let mean = try network.gradients(batch).mean
      #expect(abs(mean - expected) <= 1e-5 * expected, "\(set): \(mean), \(expected)")
      for tensor in network.gradientTensors {
        check(tensor, known[tensor.name] ?? [], "\(set)")
      }
    }
  }

  /// How fast the loss changes along a direction in the space of a tensor's elements.
  private struct Slope {
    var direction: [Double]
    var expected: Double
  }

  /// Along a random direction and a few elements.
  private func slopes(
    of tensor: Tensor, _ reference: ReferenceNetwork, _ batch: TrainingBatch,
    _ problem: TrainingProblem
  ) -> [Slope] {
    let count = tensor.values.count
    let random = problem.values("direction \(tensor.name)", count, bound: 1).map(Double.init)
    let elements = Set([0, count / 2, count - 1]).map { element in
      (0..<count).map { $0 == element ? 1.0 : 0 }
    }
    return ([random] + elements).map { direction in
      let difference =
        loss(reference, tensor.name, direction, Self.step, batch)
        - loss(reference, tensor.name, direction, -Self.step, batch)
      return Slope(direction: direction, expected: difference / (2 * Self.step))
    }
  }

  private func check(_ gradient: Tensor, _ slopes: [Slope], _ context: String) {
    #expect(slopes.count > 1)
    let values = gradient.values.map(Double.init)
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for slope in slopes {
      let actual = zip(values, slope.direction).reduce(0) { $0 + $1.0 * $1.1 }
      let extent = slope.direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // The limit of golden/train for float32, and the rounding of both losses over the step.
      let limit = 2e-5 * length * extent + 1e-9
      #expect(
        abs(actual - slope.expected) <= limit,
        "\(context), \(gradient.name): \(actual), \(slope.expected), limit \(limit)")
    }
  }

  private func loss(
    _ reference: ReferenceNetwork, _ name: String, _ direction: [Double], _ step: Double,
    _ batch: TrainingBatch
  ) -> Double {
    var moved = reference
    moved.tensors[name] = zip(reference.tensors[name] ?? [], direction).map { $0 + step * $1 }
    return moved.loss(of: batch)
  }
}
