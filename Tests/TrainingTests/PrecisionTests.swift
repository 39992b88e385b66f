import Checkpoints
import KernelInterface
import SIMDKernels
import TestSupport
import Testing

@testable import Training

/// Gradients in bfloat16 beside those in float32, which finite differences prove.
@Suite struct PrecisionTests {
  /// Where every unit is far above its threshold, the network has no kinks.
  ///
  /// Then rounding an operand moves a gradient by as much as it moves the operand. Each layer rounds both
  /// operands of its products to 8 digits, on the way forward, of the gradient, and of the weights.
  @Test(arguments: TrainingProblem.all)
  func gradientsInBFloat16AreThoseInFloat32ToItsDigits(_ problem: TrainingProblem) throws {
    let layout = ParameterLayout(problem.configuration)
    let tensors = problem.tensors.map { tensor in
      var lifted = tensor
      let isBias = tensor.name.hasSuffix(".bias")
      lifted.values = tensor.values.map { isBias ? 2 + $0 : $0 / 5 }
      return lifted
    }
    let limit = Double(6 * layout.layers.count) * 0x1p-8
    for set in InstructionSet.available {
      func gradients(_ precision: Precision) throws -> (loss: Double, tensors: [Tensor]) {
        let network = try TrainedNetwork(
          layout, tensors, variants: problem.variants, loss: problem.loss,
          outputFactor: problem.outputFactor, precision: precision, set: set)
        return (try network.gradients(problem.batch).mean, network.gradientTensors)
      }
      let (exact, rounded) = (try gradients(.float32), try gradients(.bfloat16))
      #expect(abs(rounded.loss - exact.loss) <= limit * exact.loss, "\(set)")
      #expect(rounded.tensors != exact.tensors, "\(set): nothing was rounded")
      for (tensor, other) in zip(exact.tensors, rounded.tensors) {
        let distance = zip(tensor.values, other.values).reduce(0) {
          $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
        }
        let length = tensor.values.reduce(0) { $0 + Double($1) * Double($1) }
        #expect(
          distance <= limit * limit * length,
          "\(set), \(tensor.name): \((distance / length).squareRoot()), limit \(limit)")
      }
    }
  }
}
