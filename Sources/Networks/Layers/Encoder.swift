/// The network from a normalised volume to its feature map on the same grid.
public enum Encoder: Sendable, Equatable {
  case rdn(RDN)
  case resCNN(ResCNN)
  case srResNet(SRResNet)

  /// Which of the three it is.
  public var kind: EncoderKind {
    switch self {
    case .rdn: .rdn
    case .resCNN: .resCNN
    case .srResNet: .srResNet
    }
  }

  /// All convolutions in the order of the file.
  public var convolutions: [Convolution] {
    switch self {
    case .rdn(let network): network.convolutions
    case .resCNN(let network): network.convolutions
    case .srResNet(let network): network.convolutions
    }
  }

  /// Channels inside the network.
  public var width: Int {
    switch self {
    case .rdn(let network): network.width
    case .resCNN(let network): network.width
    case .srResNet(let network): network.width
    }
  }

  /// Channels of the feature map, F.
  public var featureChannels: Int {
    switch self {
    case .rdn(let network): network.output.outputs
    case .resCNN(let network): network.end.outputs
    case .srResNet(let network): network.end.outputs
    }
  }

  /// Receptive field: voxels to each side that can change a feature.
  ///
  /// All three are chains, so the reaches of all convolutions add up: RDN 2 + B C + 2, ResCNN
  /// 1 + layers + 1, SRResNet 1 + 2 B + 2. A block read with this halo, cut where it meets the
  /// volume's border, gives the features of the whole volume exactly.
  public var halo: Int { convolutions.reduce(0) { $0 + $1.reach } }

  /// Multiply-accumulates per input voxel.
  public var operationsPerVoxel: Int { convolutions.reduce(0) { $0 + $1.operationsPerVoxel } }

  /// Weights and biases.
  public var parameterCount: Int { convolutions.reduce(0) { $0 + $1.parameterCount } }
}

/// The three encoders; the raw value is the published class name, as in `arssr.encoder`.
public enum EncoderKind: String, Sendable, CaseIterable {
  case rdn = "RDN"
  case resCNN = "ResCNN"
  case srResNet = "SRResnet"
}
