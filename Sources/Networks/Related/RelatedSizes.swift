import RandomNumbers

/// Sizes of a related network that is to be trained; what is absent is as published.
public struct RelatedSizes: Sendable, Equatable {
  /// Which network; neither ArSSR nor gradient filters.
  public var architecture: Architecture
  /// Layers of SRReCNN3D, dense units of DCSRN, blocks of ResCNN.
  public var depth: Int?
  /// Channels of inner layers; of DCSRN the new ones per unit, k.
  public var width: Int?
  /// Size of a kernel that may be chosen: the second of SRCNN3D, the last of DCSRN.
  public var kernel: Int?
  /// The factor of 3D-ESPCN.
  public var factor: Int?
  /// Whether DCSRN adds its image; as published it does not.
  public var isResidual: Bool?

  /// The published sizes.
  public init(_ architecture: Architecture) {
    self.architecture = architecture
  }

  /// ``depth`` or the published one.
  public var layers: Int {
    if let depth { return depth }
    return switch architecture {
    case .srrecnn3d, .srrecnn3dMulti: 10
    case .dcsrn: 4
    default: 3
    }
  }

  /// ``width`` or the published one.
  public var channels: Int { width ?? (architecture == .dcsrn ? 24 : 64) }
}

extension RelatedNetwork {
  /// A network of given sizes that has learnt nothing, the same for the same seed on every machine.
  ///
  /// Weights as their publication or its program begins: SRReCNN3D normal with variance 2/n for n
  /// inputs of an output, SRCNN3D with a deviation of 0.001, 3D-ESPCN 1/n in the first layer and 2/n
  /// behind it, all with biases 0; DCSRN and ResCNN, as PyTorch's layers, uniform in ±1/sqrt(n) with
  /// their biases.
  ///
  /// - Parameters:
  ///   - sizes: Its kind and sizes.
  ///   - seed: Chooses the weights.
  public init(initial sizes: RelatedSizes, seed: UInt64) {
    var maker = LayerMaker(seed: seed)
    let width = sizes.channels
    let layers: Layers
    switch sizes.architecture {
    case .srrecnn3d, .srrecnn3dMulti:
      let images = sizes.architecture == .srrecnn3d ? 1 : 2
      let count = max(2, sizes.layers)
      layers = .srrecnn3d(
        SRReCNN3D(
          convolutions: (0..<count).map { index in
            maker.normal(
              index == 0 ? images : width, index == count - 1 ? 1 : width, kernel: 3, gain: 2)
          }))
    case .srcnn3d:
      let inner = max(1, width / 2)
      layers = .srcnn3d(
        SRCNN3D(
          first: maker.normal(1, width, kernel: 9, deviation: 0.001),
          second: maker.normal(width, inner, kernel: sizes.kernel ?? 1, deviation: 0.001),
          third: maker.normal(inner, 1, kernel: 5, deviation: 0.001)))
    case .dcsrn:
      let first = maker.uniform(1, 2 * width, kernel: 3)
      let units = (0..<sizes.layers).map { index in
        let inputs = (2 + index) * width
        return DCSRN.Unit(
          normalisation: BatchNormalisation(
            weight: [Float](repeating: 1, count: inputs),
            bias: [Float](repeating: 0, count: inputs),
            runningMean: [Float](repeating: 0, count: inputs),
            runningVariance: [Float](repeating: 1, count: inputs)),
          convolution: maker.uniform(inputs, width, kernel: 3))
      }
      layers = .dcsrn(
        DCSRN(
          first: first, units: units,
          reconstruction: maker.uniform(
            (2 + units.count) * width, 1, kernel: sizes.kernel ?? 3),
          isResidual: sizes.isResidual ?? false))
    case .espcn3d:
      let factor = sizes.factor ?? 2
      let (first, second) = (sizes.width ?? 50, 2 * (sizes.width ?? 50))
      guard
        let network = ESPCN3D(
          first: maker.normal(1, first, kernel: 3, gain: 1),
          second: maker.normal(first, second, kernel: 1, gain: 2),
          third: maker.normal(second, factor * factor * factor, kernel: 3, gain: 2))
      else { preconditionFailure("factor: \(factor)") }
      layers = .espcn3d(network)
    case .resCNN:
      layers = .resCNN(
        ResCNN(
          start: maker.uniform(1, width, kernel: 3),
          blocks: (0..<sizes.layers).map { _ in
            (0..<6).map { _ in maker.uniform(width, width, kernel: 3) }
          },
          end: maker.uniform(width, 1, kernel: 3)))
    case .arssr, .gradientFilters:
      preconditionFailure("\(sizes.architecture) is not one of the related networks")
    }
    self.init(layers, kernelAxes: .zyx)
  }
}

/// Draws the weights of one layer after the other.
private struct LayerMaker {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// Normal with variance `gain / n`, biases 0.
  mutating func normal(_ inputs: Int, _ outputs: Int, kernel: Int, gain: Double) -> Convolution {
    let count = Double(inputs * kernel * kernel * kernel)
    return normal(inputs, outputs, kernel: kernel, deviation: (gain / count).squareRoot())
  }

  mutating func normal(
    _ inputs: Int, _ outputs: Int, kernel: Int, deviation: Double
  ) -> Convolution {
    let count = outputs * inputs * kernel * kernel * kernel
    return Convolution(
      weight: (0..<count).map { _ in Float(deviation * generator.nextNormal()) },
      bias: [Float](repeating: 0, count: outputs), inputs: inputs, outputs: outputs,
      kernel: kernel)
  }

  /// Uniform in ±1/sqrt(n), biases too.
  mutating func uniform(_ inputs: Int, _ outputs: Int, kernel: Int) -> Convolution {
    let reads = inputs * kernel * kernel * kernel
    let bound = 1 / Float(reads).squareRoot()
    return Convolution(
      weight: (0..<outputs * reads).map { _ in generator.nextSigned() * bound },
      bias: (0..<outputs).map { _ in generator.nextSigned() * bound }, inputs: inputs,
      outputs: outputs, kernel: kernel)
  }
}
