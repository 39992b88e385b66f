/// The layers of the real networks, as they are measured.
enum Shapes {
  /// Voxels of the region: rows of 94 as in the comparison volume, few planes to keep runs short.
  static let width = 94
  static let rows = 64
  static let planes = 4

  /// Published networks (64 channels), then the interim model (16 channels, 28 features).
  static let convolutions: [ConvolutionShape] = [
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
    ConvolutionShape(extent: 1, inputs: [28], outputs: 128),
  ]

  /// Scales at which the decoders are measured, over rows of 94 LR voxels.
  static let scales = [2, 3, 4]
  /// Shares of hidden units that are used, at scale 2.
  static let used = [1, 0.86, 0.57, 0.25, 0.12]

  static let decoders: [DecoderShape] = [
    DecoderShape(name: "decode/256x8", inputs: 131, hidden: 256, layersPerStage: 4),
    DecoderShape(name: "decode/64x6", inputs: 32, hidden: 64, layersPerStage: 3),
  ]
}

/// A convolution; all maps are padded to whole granules except one of a single channel.
struct ConvolutionShape {
  var extent: Int
  var inputs: [Int]
  var outputs: Int

  var name: String {
    "conv\(extent)x\(extent)x\(extent)/\(inputs.reduce(0, +))->\(outputs)"
  }

  /// Multiply-adds per voxel, padding not counted.
  var multiplyAdds: Int { extent * extent * extent * inputs.reduce(0, +) * outputs }
}

/// A decoder: `inputs` values per point, two stages.
struct DecoderShape {
  var name: String
  var inputs: Int
  var hidden: Int
  var layersPerStage: Int

  /// Inputs and outputs of the dense layers that run per point: both first layers were applied at
  /// LR resolution, stage two's still multiplies stage one's outputs.
  var layers: [(inputs: Int, outputs: Int)] {
    let inner = Array(repeating: (inputs: hidden, outputs: hidden), count: layersPerStage - 2)
    return inner + [(hidden, inputs), (inputs, hidden)] + inner
  }

  /// Multiply-adds per point, padding not counted: dense layers, output layer, three per
  /// pre-activation and point for interpolation, four per pre-activation, row and LR voxel for
  /// blending.
  func multiplyAdds(scale: Int) -> Int {
    let dense = layers.reduce(0) { $0 + $1.inputs * $1.outputs } + hidden
    return dense + 3 * 2 * hidden + 4 * 2 * hidden / scale
  }
}
