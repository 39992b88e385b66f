import Checkpoints
import RandomNumbers

/// How the weights of a network that is to be trained begin.
public enum Initialisation: String, Sendable, CaseIterable {
  /// As published: weights and biases of a layer of n inputs uniform in ±1/sqrt(n), but the last bias
  /// of the decoder 0.5. With the default there, a third of all starts are below the last ReLU
  /// everywhere and never learn.
  case published
  /// For residuals on an interpolated volume. Weights are normal with variance 2/n, biases 0, and
  ///
  /// - the last layer is zero: the network begins as the interpolation itself;
  /// - the last layer of each residual branch is a tenth, stage one's last layer half as large;
  /// - seven of eight kernels of the first layer lose their mean and are four times as large. Detail
  ///   is a tenth of brightness, and without this every feature is mostly brightness.
  case detail

  /// The tensors of a network in the order of the state dict, the same for the same seed.
  public func tensors(_ configuration: ArSSRConfiguration, seed: UInt64) -> [Tensor] {
    var generator = SplitMix64(seed: seed)
    let layers = configuration.layers
    return layers.enumerated().flatMap { index, layer -> [Tensor] in
      let inputs = layer.weight.dropFirst().reduce(1, *)
      let count = layer.weight[0] * inputs
      let isLast = index == layers.count - 1
      var weight: [Float]
      var bias: [Float]
      switch self {
      case .published:
        let bound = 1 / Float(inputs).squareRoot()
        weight = (0..<count).map { _ in generator.nextSigned() * bound }
        bias = (0..<layer.weight[0]).map { _ in generator.nextSigned() * bound }
        if isLast { bias = [0.5] }
      case .detail:
        let deviation = (2 / Double(inputs)).squareRoot() * configuration.branchFactor(index)
        weight = (0..<count).map { _ in Float(deviation * generator.nextNormal()) }
        bias = [Float](repeating: 0, count: layer.weight[0])
        if index == 0 { weight = Self.detailed(weight, taps: inputs) }
        if isLast { weight = [Float](repeating: 0, count: count) }
      }
      return zip(layer.tensors, [weight, bias]).map { tensor, values in
        Tensor(name: tensor.name, shape: tensor.shape, values: values)
      }
    }
  }

  /// The tensors of a network with a condition as if it had always been told 0.
  ///
  /// The decoder's first layer forgets the condition's column. In the first layer of stage two the
  /// column stays: there it weighs an output of stage one as well, which adds its input to its result.
  public static func withoutCondition(
    _ tensors: [Tensor], _ configuration: ArSSRConfiguration
  ) -> [Tensor] {
    let column = configuration.featureChannels + 3
    let inputs = configuration.featureChannels + configuration.extraInputs
    return tensors.map { tensor in
      guard tensor.name == "decoder.stage_one.0.weight", column < inputs else { return tensor }
      var values = tensor.values
      for output in 0..<tensor.shape[0] { values[output * inputs + column] = 0 }
      return Tensor(name: tensor.name, shape: tensor.shape, values: values)
    }
  }

  /// Kernels of a layer with one input channel: every eighth as it is, the others without their mean.
  private static func detailed(_ weight: [Float], taps: Int) -> [Float] {
    weight.indices.map { index in
      let kernel = index / taps
      if kernel % 8 == 0 { return weight[index] }
      let mean = weight[kernel * taps..<(kernel + 1) * taps].reduce(0, +) / Float(taps)
      return 4 * (weight[index] - mean)
    }
  }
}

extension ArSSRConfiguration {
  /// By what the weights of a layer are smaller where its result is added to something.
  fileprivate func branchFactor(_ index: Int) -> Double {
    let name = layers[index].name
    if name == "decoder.stage_one.\(2 * (decoderDepth - 1))" { return 0.5 }
    return name.hasSuffix(".lff") || name.hasSuffix(".m.1.0") ? 0.1 : 1
  }
}
