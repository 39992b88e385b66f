import Checkpoints
import Foundation
import TestSupport

@testable import Metrics

/// The made-up weights of the specification: they test arithmetic and judge no image.
enum SyntheticBackbone {
  static func checkpoint(
    _ network: PerceptualNetwork, name: (_ slice: Int, _ number: Int, _ part: String) -> String
  ) -> Checkpoint {
    var tensors: [Tensor] = []
    var tag: UInt64 = network == .alex ? 0x100 : 0x200
    var slice = 1
    for layer in network.layers {
      let fan = layer.inputs * layer.extent * layer.extent
      tensors.append(
        Tensor(
          name: name(slice, layer.number, "weight"),
          shape: [layer.outputs, layer.inputs, layer.extent, layer.extent],
          values: values(layer.outputs * fan, tag: tag, bound: (6 / Double(fan)).squareRoot())))
      tensors.append(
        Tensor(
          name: name(slice, layer.number, "bias"), shape: [layer.outputs],
          values: values(layer.outputs, tag: tag + 1, bound: 0.05)))
      tag += 2
      if layer.isTap { slice += 1 }
    }
    return Checkpoint(tensors: tensors, metadata: [:])
  }

  static func heads(_ network: PerceptualNetwork) throws -> Checkpoint {
    try Checkpoint.load(
      path: Repository.folder.appendingPathComponent(
        "Models/metrics/lpips_lin_\(network.rawValue).safetensors"
      ).path)
  }

  private static func values(_ count: Int, tag: UInt64, bound: Double) -> [Float] {
    (0..<count).map { index in
      var z = (tag << 32 | UInt64(index)) &+ 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      return Float((Double(z >> 40) * 0x1p-23 - 1) * bound)
    }
  }
}
