/// One densely connected block between a first and a last convolution.
///
///     c = [first(x)]                                      1 -> 2 k
///     for each unit:  c = c + [conv(elu(normalised(cat(c))))]     -> k channels each
///     result = reconstruction(cat(c))                     -> 1; x is added where residual
///
/// The normalisation of a unit has a scale and a shift of its own for every channel that it reads, so
/// it belongs to the reader, not to the layer before. ELU is x above 0, else exp(x) - 1. Zero padding
/// everywhere, of what ELU made. Units and k are free (published: 4 and 24), the reconstruction's
/// kernel is 1 or 3.
/// Names: `conv0`, `unit1.bn`, `unit1.conv`, ..., `recon`.
///
/// Source: Chen and others, ISBI 2018 and MICCAI 2018, as most public re-implementations have it.
public struct DCSRN: Sendable, Equatable {
  /// One dense unit.
  public struct Unit: Sendable, Equatable {
    /// Over all channels made so far.
    public var normalisation: BatchNormalisation
    /// From all channels made so far to k.
    public var convolution: Convolution

    /// Pairs the two.
    public init(normalisation: BatchNormalisation, convolution: Convolution) {
      self.normalisation = normalisation
      self.convolution = convolution
    }
  }

  /// 1 -> 2 k.
  public var first: Convolution
  /// In order, at least one.
  public var units: [Unit]
  /// From all channels to one.
  public var reconstruction: Convolution
  /// Whether the image is added to the result.
  public var isResidual: Bool

  /// A network of given parts.
  public init(
    first: Convolution, units: [Unit], reconstruction: Convolution, isResidual: Bool = false
  ) {
    self.first = first
    self.units = units
    self.reconstruction = reconstruction
    self.isResidual = isResidual
  }

  /// New channels per unit, k.
  public var growth: Int { units[0].convolution.outputs }

  /// All convolutions in the order of the file.
  public var convolutions: [Convolution] { [first] + units.map(\.convolution) + [reconstruction] }
}

/// Batch normalisation with the statistics of training: `(x - mean) / sqrt(variance + eps) * w + b`.
public struct BatchNormalisation: Sendable, Equatable {
  /// What PyTorch adds to the variance; TensorFlow and Keras add 1e-3.
  public static let standardEpsilon = 1e-5

  /// w, per channel.
  public var weight: [Float]
  /// b, per channel.
  public var bias: [Float]
  /// Mean, per channel.
  public var runningMean: [Float]
  /// Variance, per channel; not negative.
  public var runningVariance: [Float]
  /// Added to the variance.
  public var epsilon: Double

  /// Statistics and parameters per channel, of the same number each.
  public init(
    weight: [Float], bias: [Float], runningMean: [Float], runningVariance: [Float],
    epsilon: Double = standardEpsilon
  ) {
    self.weight = weight
    self.bias = bias
    self.runningMean = runningMean
    self.runningVariance = runningVariance
    self.epsilon = epsilon
  }

  /// Channels.
  public var channels: Int { weight.count }

  /// Per channel the factor and the summand that do the same; computed in double, rounded once.
  public var scaleAndShift: [(scale: Float, shift: Float)] {
    weight.indices.map { channel in
      let scale =
        Double(weight[channel]) / (Double(runningVariance[channel]) + epsilon).squareRoot()
      return (Float(scale), Float(Double(bias[channel]) - scale * Double(runningMean[channel])))
    }
  }
}
