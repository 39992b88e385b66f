import Checkpoints
import RandomNumbers

extension ArSSRNetwork {
  /// A network of given sizes with random weights, the same for the same seed on every machine: for
  /// measuring, where only the sizes matter.
  ///
  /// Weights are uniform with variance `2 / inputs` (He and others, 2015), so that values neither
  /// vanish nor grow from one rectified layer to the next; biases are uniform in (-0.1, 0.1). The
  /// last layer has no ReLU, which would make half of all such networks zero everywhere.
  ///
  /// - Parameters:
  ///   - configuration: The sizes.
  ///   - seed: Chooses the weights.
  public init(random configuration: ArSSRConfiguration, seed: UInt64 = 1) {
    var generator = SplitMix64(seed: seed)
    let tensors = configuration.layers.flatMap { layer -> [Tensor] in
      let inputs = layer.weight.dropFirst().reduce(1, *)
      let bounds = [(6 / Float(inputs)).squareRoot(), 0.1]
      return zip(layer.tensors, bounds).map { tensor, bound in
        Tensor(
          name: tensor.name, shape: tensor.shape,
          values: (0..<tensor.shape.reduce(1, *)).map { _ in generator.nextSigned() * bound })
      }
    }
    let index = TensorIndex(Checkpoint(tensors: tensors, metadata: [:]))
    self.init(
      encoder: Encoder(configuration, index), decoder: Decoder(configuration, index),
      variants: ArSSRVariants(finalReLU: false))
  }
}
