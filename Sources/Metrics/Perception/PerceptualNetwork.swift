import Checkpoints

/// A network whose features tell how alike two images look (LPIPS, version 0.1).
public enum PerceptualNetwork: String, Sendable, CaseIterable {
  /// AlexNet.
  case alex
  /// VGG16.
  case vgg

  /// A convolution with ReLU.
  struct Layer: Sendable {
    /// Its place in torchvision's `features`.
    let number: Int
    let inputs: Int
    let outputs: Int
    /// Taps along either axis.
    let extent: Int
    let stride: Int
    /// Zeros around the image.
    let padding: Int
    /// Extent of the maximum that is taken before it, with stride 2; nil: none.
    let pool: Int?
    /// Whether its output is compared.
    let isTap: Bool

    /// Pixels along an axis of the output.
    func outputLength(_ length: Int) -> Int {
      (Self.pooledLength(length, extent: pool) + 2 * padding - extent) / stride + 1
    }

    /// Pixels along an axis after the maximum; an incomplete window is dropped.
    static func pooledLength(_ length: Int, extent: Int?) -> Int {
      extent.map { (length - $0) / 2 + 1 } ?? length
    }
  }

  /// Sides below this have no features.
  public var leastSide: Int {
    switch self {
    case .alex: 31
    case .vgg: 16
    }
  }

  /// The convolutions in their order.
  var layers: [Layer] {
    switch self {
    case .alex:
      [
        Layer(
          number: 0, inputs: 3, outputs: 64, extent: 11, stride: 4, padding: 2, pool: nil,
          isTap: true),
        Layer(
          number: 3, inputs: 64, outputs: 192, extent: 5, stride: 1, padding: 2, pool: 3,
          isTap: true),
        Layer(
          number: 6, inputs: 192, outputs: 384, extent: 3, stride: 1, padding: 1, pool: 3,
          isTap: true),
        Layer(
          number: 8, inputs: 384, outputs: 256, extent: 3, stride: 1, padding: 1, pool: nil,
          isTap: true),
        Layer(
          number: 10, inputs: 256, outputs: 256, extent: 3, stride: 1, padding: 1, pool: nil,
          isTap: true),
      ]
    case .vgg: Self.vggLayers
    }
  }

  /// Blocks of 3x3 layers, halved in size between them; the last of each is compared.
  private static var vggLayers: [Layer] {
    var layers: [Layer] = []
    var number = 0
    var inputs = 3
    for (outputs, count) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
      for index in 0..<count {
        layers.append(
          Layer(
            number: number, inputs: inputs, outputs: outputs, extent: 3, stride: 1, padding: 1,
            pool: index == 0 && number > 0 ? 2 : nil, isTap: index == count - 1))
        inputs = outputs
        number += 2
      }
      // The maximum has a number of its own.
      number += 1
    }
    return layers
  }

  /// Channels of the outputs that are compared.
  var tapChannels: [Int] { layers.filter(\.isTap).map(\.outputs) }
}

/// Weights and bias of a convolution, `[output][input][row][column]`.
struct LayerWeights: Sendable {
  let weights: [Float]
  let bias: [Float]
}

extension PerceptualNetwork {
  /// The convolutions' weights from a state dict of torchvision (`features.N.weight`) or of a saved LPIPS
  /// module (`net.sliceM.N.weight`).
  ///
  /// - Throws: ``ComparisonError/weights(tensor:found:wanted:purpose:)``.
  func weights(_ checkpoint: Checkpoint) throws(ComparisonError) -> [LayerWeights] {
    var result: [LayerWeights] = []
    for layer in layers {
      func tensor(_ part: String, _ shape: [Int]) throws(ComparisonError) -> [Float] {
        let name = "features.\(layer.number).\(part)"
        let found = checkpoint.tensors.first {
          $0.name == name || Self.isModuleKey($0.name, number: layer.number, part: part)
        }
        return try Self.values(found, name, shape, purpose: "the \(rawValue) backbone of LPIPS")
      }
      result.append(
        LayerWeights(
          weights: try tensor(
            "weight", [layer.outputs, layer.inputs, layer.extent, layer.extent]),
          bias: try tensor("bias", [layer.outputs])))
    }
    return result
  }

  /// The factors of every compared output's channels.
  ///
  /// - Throws: ``ComparisonError/weights(tensor:found:wanted:purpose:)``.
  func heads(_ checkpoint: Checkpoint) throws(ComparisonError) -> [[Float]] {
    var heads: [[Float]] = []
    for (tap, channels) in tapChannels.enumerated() {
      let name = "lin\(tap).model.1.weight"
      let found = checkpoint.tensors.first {
        $0.name == name || $0.name == "lins.\(tap).model.1.weight"
      }
      heads.append(
        try Self.values(
          found, name, [1, channels, 1, 1], purpose: "the linear part of LPIPS for \(rawValue)"))
    }
    return heads
  }

  private static func isModuleKey(_ name: String, number: Int, part: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "net" && parts[1].hasPrefix("slice")
      && parts[2] == String(number) && parts[3] == part
  }

  private static func values(
    _ tensor: Tensor?, _ name: String, _ shape: [Int], purpose: String
  ) throws(ComparisonError) -> [Float] {
    guard let tensor, tensor.shape == shape else {
      throw .weights(tensor: name, found: tensor?.shape, wanted: shape, purpose: purpose)
    }
    return tensor.values
  }
}
