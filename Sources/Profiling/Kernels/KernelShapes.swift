import KernelInterface

/// The layers of the real networks, as they are measured.
public enum KernelShapes {
  /// Voxels of the region: rows of 94 as in the comparison volume, few planes to keep runs short.
  public static let width = 94
  /// Rows of the region.
  public static let rows = 64
  /// Planes of the region.
  public static let planes = 4

  /// Published networks (64 channels), then the interim model (16 channels, 28 features).
  public static let convolutions: [ConvolutionShape] = [
    ConvolutionShape(extent: 3, inputs: [1], outputs: 64),
    ConvolutionShape(extent: 3, inputs: [64], outputs: 64),
    ConvolutionShape(extent: 3, inputs: [64, 64], outputs: 64),
    ConvolutionShape(extent: 3, inputs: [64, 64, 64], outputs: 64),
    ConvolutionShape(extent: 3, inputs: [64], outputs: 128),
    ConvolutionShape(extent: 1, inputs: [64, 64, 64, 64], outputs: 64),
    ConvolutionShape(extent: 1, inputs: [64], outputs: 64),
    ConvolutionShape(extent: 1, inputs: [128], outputs: 512),
    ConvolutionShape(extent: 3, inputs: [1], outputs: 16),
    ConvolutionShape(extent: 3, inputs: [16], outputs: 16),
    ConvolutionShape(extent: 3, inputs: [16], outputs: 28),
    ConvolutionShape(extent: 3, inputs: [32], outputs: 32),
    ConvolutionShape(extent: 1, inputs: [28], outputs: 128),
  ]

  /// Decoders at scales 2, 3, 4 with every unit used, then at scale 2 with a share of them; in both
  /// precisions.
  public static let decoderRuns: [DecoderRun] = decoders.flatMap { shape in
    Precision.allCases.flatMap { precision in
      [2, 3, 4].map { DecoderRun(shape: shape, scale: $0, used: nil, precision: precision) }
        + [1, 0.86, 0.57, 0.25, 0.12].map {
          DecoderRun(shape: shape, scale: 2, used: $0, precision: precision)
        }
    }
  }

  private static let decoders: [DecoderShape] = [
    DecoderShape(name: "decode/256x8", inputs: 131, hidden: 256, layersPerStage: 4),
    DecoderShape(name: "decode/64x6", inputs: 32, hidden: 64, layersPerStage: 3),
  ]
}

/// A convolution; all maps are padded to whole granules except one of a single channel.
public struct ConvolutionShape: Sendable {
  /// Edge of the kernel, 3 or 1.
  public var extent: Int
  /// Channels of each operand.
  public var inputs: [Int]
  /// Channels of the result.
  public var outputs: Int

  /// Operation and channels: `conv3x3x3/64->64`.
  public var name: String {
    "conv\(extent)x\(extent)x\(extent)/\(inputs.reduce(0, +))->\(outputs)"
  }

  /// The name with the precision, where that is another than the usual one.
  func name(_ precision: Precision) -> String { name + Self.suffix(precision) }

  /// The name of the same layer by Winograd's algorithm: `winograd/64->64`.
  func tiledName(_ precision: Precision) -> String {
    "winograd/\(inputs.reduce(0, +))->\(outputs)" + Self.suffix(precision)
  }

  private static func suffix(_ precision: Precision) -> String {
    precision == .float32 ? "" : "/\(precision.rawValue)"
  }

  /// Whether that algorithm takes the layer.
  public var hasTiles: Bool { extent == 3 && inputs != [1] }

  /// Multiply-adds per voxel, padding not counted.
  public var multiplyAdds: Int { extent * extent * extent * inputs.reduce(0, +) * outputs }
}

/// A decoder: `inputs` values per point, two stages.
public struct DecoderShape: Sendable {
  /// Operation, width and layers: `decode/256x8`.
  public var name: String
  /// Numbers per point.
  public var inputs: Int
  /// Width of the hidden layers.
  public var hidden: Int
  /// Layers of each of the two stages.
  public var layersPerStage: Int

  /// A decoder of given sizes.
  public init(name: String, inputs: Int, hidden: Int, layersPerStage: Int) {
    self.name = name
    self.inputs = inputs
    self.hidden = hidden
    self.layersPerStage = layersPerStage
  }

  /// Inputs and outputs of the dense layers that run per point: both first layers were applied at
  /// LR resolution, stage two's still multiplies stage one's outputs.
  var layers: [(inputs: Int, outputs: Int)] {
    let inner = Array(repeating: (inputs: hidden, outputs: hidden), count: layersPerStage - 2)
    return inner + [(hidden, inputs), (inputs, hidden)] + inner
  }

  /// Multiply-adds per point, padding not counted: dense layers, output layer, three per
  /// pre-activation and point for interpolation, four per pre-activation, row and LR voxel for
  /// blending.
  public func multiplyAdds(scale: Int) -> Int {
    let dense = layers.reduce(0) { $0 + $1.inputs * $1.outputs } + hidden
    return dense + 3 * 2 * hidden + 4 * 2 * hidden / scale
  }
}

/// A decoder on rows of points, as a grid of `scale` times the LR size has them.
public struct DecoderRun: Sendable {
  /// The layers.
  public var shape: DecoderShape
  /// Points per LR voxel and axis.
  public var scale: Int
  /// Share of the hidden units that is positive at every point, the others are zero and skipped; nil:
  /// none is zero, none is looked for.
  public var used: Double?
  /// What the dense layers multiply.
  public var precision: Precision

  /// A run of a decoder.
  public init(
    shape: DecoderShape, scale: Int, used: Double?, precision: Precision = .float32
  ) {
    self.shape = shape
    self.scale = scale
    self.used = used
    self.precision = precision
  }

  /// Shape, precision, scale and share: `decode/256x8/x2/57 % used`.
  public var name: String {
    shape.name + (precision == .float32 ? "" : "/\(precision.rawValue)") + "/x\(scale)"
      + (used.map { "/\(Int((100 * $0).rounded())) % used" } ?? "")
  }
}
