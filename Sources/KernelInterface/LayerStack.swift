/// One fully connected layer, `y = post(W x + b)`, applied to many points at once.
///
/// A sum begins with the bias and takes the inputs in order, in bfloat16 pair by pair. A few outputs
/// beyond the last whole granule ("left over": the decoder's input is 128 features and 3 coordinates)
/// would cost a panel of their own; they are summed as the output layer sums: partial sum `l` of 16 takes
/// the steps `l`, `l + 16`, ..., the partial sums are added 8, 4, 2 and 1 apart, then the bias.
public struct DenseLayer: BitwiseCopyable {
  /// Packed by `PackedLayout`: for each panel `[input][width of the panel]`, or, in bfloat16,
  /// `[pair of inputs][width of the panel]` (``BFloat16``); then `[left-over output][step]`.
  public var weights: UnsafePointer<Float>
  /// `outputs + leftOver` values; zero for padding outputs.
  public var bias: UnsafePointer<Float>
  /// Values read per point (not padded).
  public var inputs: Int
  /// Values written per point by panels, a multiple of ``FeatureLayout/channelGranule``.
  public var outputs: Int
  /// Outputs beyond these, from ``leftOver(inputs:outputs:)``; zeros are written behind them, up to a
  /// whole granule.
  public var leftOver: Int
  /// Whether ReLU is applied.
  public var rectified: Bool
  /// How weights and inputs are stored; the layer before rounds what it writes accordingly.
  public var precision: Precision

  /// Steps of the sums: inputs, or pairs of them.
  public var steps: Int { precision == .bfloat16 ? (inputs + 1) / 2 : inputs }

  /// Values written per point.
  public var paddedOutputs: Int { outputs + FeatureLayout.paddedChannels(leftOver) }

  /// How many of a layer's outputs are left over: 1 to 4 behind the last whole granule, where the
  /// inputs fill whole granules in either precision; else none.
  public static func leftOver(inputs: Int, outputs: Int) -> Int {
    let granule = FeatureLayout.channelGranule
    let rest = outputs % granule
    return outputs > granule && rest <= 4 && inputs % (2 * granule) == 0 ? rest : 0
  }

  /// Makes the value from its parts.
  public init(
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, inputs: Int, outputs: Int,
    leftOver: Int = 0, rectified: Bool, precision: Precision = .float32
  ) {
    self.weights = weights
    self.bias = bias
    self.inputs = inputs
    self.outputs = outputs
    self.leftOver = leftOver
    self.rectified = rectified
    self.precision = precision
  }
}

/// The last layer of the decoder, `inputs` values to one intensity.
///
/// Partial sum `l` of 16 takes the values `l`, `l + 16`, ... in order; the partial sums are added 8,
/// 4, 2 and 1 apart, then the bias.
public struct OutputLayer: BitwiseCopyable {
  /// `FeatureLayout.paddedChannels(inputs)` values, zero beyond `inputs`.
  public var weights: UnsafePointer<Float>
  /// Added to the sum.
  public var bias: Float
  /// Values read per point (not padded).
  public var inputs: Int
  /// Whether ReLU is applied.
  public var rectified: Bool

  /// Makes the value from its parts.
  public init(weights: UnsafePointer<Float>, bias: Float, inputs: Int, rectified: Bool) {
    self.weights = weights
    self.bias = bias
    self.inputs = inputs
    self.rectified = rectified
  }
}

/// How many inputs of a layer its kernel looked at, and how many of them it used.
public struct UnitCount: BitwiseCopyable, Equatable, Sendable {
  /// Inputs of register tiles that were not zero at all their points, or that were used anyway.
  public var used = 0
  /// Inputs of all register tiles.
  public var all = 0

  /// Nothing looked at.
  public init() {}

  /// Adds what another worker counted.
  public static func += (sum: inout UnitCount, other: UnitCount) {
    sum.used += other.used
    sum.all += other.all
  }
}

/// The layers of a decoder that run per point, both stages one after the other.
public struct LayerStack: BitwiseCopyable {
  /// Stage one, then stage two without the output layer.
  ///
  /// ReLU follows each. No layer in float32 comes before one in bfloat16.
  public var layers: UnsafePointer<DenseLayer>
  /// How many layers there are.
  public var count: Int
  /// Index into `layers` of stage two's first layer, where the skip comes in.
  public var skipLayer: Int
  /// The layer that makes the intensity.
  public var outputLayer: OutputLayer
  /// Whether inputs that are zero at neighbouring points are left out of the sums.
  ///
  /// Changes no byte of an intensity: weights are finite, and the sign of a zero gets lost in the output
  /// layer, whose sums begin with +0.
  public var skipsZeros: Bool
  /// Where the calling worker counts, per layer, if inputs are left out; nil: nowhere.
  public var unitCounts: UnsafeMutablePointer<UnitCount>?

  /// Makes the value from its parts.
  public init(
    layers: UnsafePointer<DenseLayer>, count: Int, skipLayer: Int, outputLayer: OutputLayer,
    skipsZeros: Bool = true, unitCounts: UnsafeMutablePointer<UnitCount>? = nil
  ) {
    self.layers = layers
    self.count = count
    self.skipLayer = skipLayer
    self.outputLayer = outputLayer
    self.skipsZeros = skipsZeros
    self.unitCounts = unitCounts
  }
}
