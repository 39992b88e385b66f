/// One fully connected layer, `y = post(W x + b)`, applied to many points at once.
public struct DenseLayer: BitwiseCopyable {
  /// Packed by `PackedLayout`: for each panel `[input][width of the panel]`.
  public var weights: UnsafePointer<Float>
  /// `outputs` values; zero for padding outputs.
  public var bias: UnsafePointer<Float>
  /// Values read per point (not padded).
  public var inputs: Int
  /// Values written per point, a multiple of ``FeatureLayout/channelGranule``.
  public var outputs: Int
  /// Whether ReLU is applied.
  public var rectified: Bool

  /// Makes the value from its parts.
  public init(
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, inputs: Int, outputs: Int,
    rectified: Bool
  ) {
    self.weights = weights
    self.bias = bias
    self.inputs = inputs
    self.outputs = outputs
    self.rectified = rectified
  }
}

/// The last layer of the decoder, `inputs` values to one intensity.
///
/// Partial sum `l` of 16 takes the values `l`, `l + 16`, ... in order; the partial sums are added 8,
/// 4, 2 and 1 apart, then the bias.
public struct OutputLayer {
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

/// Decodes points of one HR row (fixed k and j) of a grid that is parallel to the LR grid.
///
/// Both first layers were applied to the features at LR resolution ("pre-activations", without
/// bias and coordinates): interpolation is linear, so `W I(f) = I(W f)`. Per point x:
///
///     blended[i] = ((w0 r0[i] + w1 r1[i]) + w2 r2[i]) + w3 r3[i]          once per row
///     p  = constants + coordinate[x] column + weight0[x] blended[tap0[x]]
///          + weight1[x] blended[tap1[x]]                                   2 hidden values
///     h  = stage-one layers of relu(p[0..<hidden])
///     y  = relu(p[hidden...] + W h), then the remaining layers, then the output layer
///
/// Every `+` of a product is one fused multiply-add in the order written.
public struct RowDecoderArguments {
  /// Four LR rows (k0 j0, k0 j1, k1 j0, k1 j1) of pre-activations, `[i][2 * hidden]`:
  /// `hidden` values for stage one, then `hidden` for stage two.
  public var rows:
    (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
    )
  /// The weights of the four rows, in the same order.
  public var rowWeights: (Float, Float, Float, Float)
  /// LR voxels of a row.
  public var rowLength: Int
  /// Width of the pre-activations of one stage, a multiple of ``FeatureLayout/channelGranule``.
  public var hidden: Int
  /// `2 * hidden` values: biases, condition and the coordinates along k and j.
  public var constants: UnsafePointer<Float>
  /// `2 * hidden` values: the weights of the coordinate along i.
  public var coordinateColumn: UnsafePointer<Float>
  /// Per point: the coordinate along i.
  public var coordinates: UnsafePointer<Float>
  /// Per point: the LR voxel before it in the row.
  public var tap0: UnsafePointer<Int32>
  /// Per point: the LR voxel after it in the row.
  public var tap1: UnsafePointer<Int32>
  /// Per point: the weight of `tap0`, 0 outside the volume.
  public var weight0: UnsafePointer<Float>
  /// Per point: the weight of `tap1`, 0 outside the volume.
  public var weight1: UnsafePointer<Float>
  /// Points of the row.
  public var count: Int
  /// Stage one from its second layer on, then stage two from its first layer on (whose inputs are
  /// stage one's outputs), without the output layer.
  public var layers: UnsafePointer<DenseLayer>
  /// How many layers there are.
  public var layerCount: Int
  /// Index into `layers` of stage two's first layer: its sums start from the interpolated
  /// pre-activation in place of a bias (its `bias` is not read).
  public var skipLayer: Int
  /// The layer that makes the intensity.
  public var outputLayer: OutputLayer
  /// `count` intensities.
  public var output: UnsafeMutablePointer<Float>
  /// Points decoded together.
  public var tile: Int
  /// At least `KernelTable.rowDecoderScratch(...)` floats, 64-byte aligned.
  public var scratch: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    rows: (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
    ),
    rowWeights: (Float, Float, Float, Float), rowLength: Int, hidden: Int,
    constants: UnsafePointer<Float>, coordinateColumn: UnsafePointer<Float>,
    coordinates: UnsafePointer<Float>, tap0: UnsafePointer<Int32>, tap1: UnsafePointer<Int32>,
    weight0: UnsafePointer<Float>, weight1: UnsafePointer<Float>, count: Int,
    layers: UnsafePointer<DenseLayer>, layerCount: Int, skipLayer: Int, outputLayer: OutputLayer,
    output: UnsafeMutablePointer<Float>, tile: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    self.rows = rows
    self.rowWeights = rowWeights
    self.rowLength = rowLength
    self.hidden = hidden
    self.constants = constants
    self.coordinateColumn = coordinateColumn
    self.coordinates = coordinates
    self.tap0 = tap0
    self.tap1 = tap1
    self.weight0 = weight0
    self.weight1 = weight1
    self.count = count
    self.layers = layers
    self.layerCount = layerCount
    self.skipLayer = skipLayer
    self.outputLayer = outputLayer
    self.output = output
    self.tile = tile
    self.scratch = scratch
  }
}

/// Decodes query points at arbitrary places (oblique grids): gathers 8 neighbours per point, then
/// runs the whole decoder.
///
///     x = [sum over 8 taps of weight * feature, coordinates...]
///     h = stage-one layers of x;  y = stage-two layers of (x + h), then the output layer
public struct PointDecoderArguments {
  /// Channel 0 of LR voxel (0, 0, 0) of the feature map `[k][j][i][c]`.
  public var features: UnsafePointer<Float>
  /// Channels of the map that are used.
  public var channels: Int
  /// `[count][8]`: offsets in floats from `features` to the 8 neighbours.
  public var taps: UnsafePointer<Int>
  /// `[count][8]`: trilinear weights, 0 outside the volume.
  public var tapWeights: UnsafePointer<Float>
  /// `[count][coordinateCount]`: inputs that follow the features (coordinates, then condition).
  public var coordinates: UnsafePointer<Float>
  /// Values of `coordinates` per point.
  public var coordinateCount: Int
  /// Query points.
  public var count: Int
  /// Stage one, then stage two without the output layer.
  public var layers: UnsafePointer<DenseLayer>
  /// How many layers there are.
  public var layerCount: Int
  /// Index into `layers` of stage two's first layer; its input is x + h.
  public var skipLayer: Int
  /// The layer that makes the intensity.
  public var outputLayer: OutputLayer
  /// `count` intensities.
  public var output: UnsafeMutablePointer<Float>
  /// Points decoded together.
  public var tile: Int
  /// At least `KernelTable.pointDecoderScratch(...)` floats, 64-byte aligned.
  public var scratch: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    features: UnsafePointer<Float>, channels: Int, taps: UnsafePointer<Int>,
    tapWeights: UnsafePointer<Float>, coordinates: UnsafePointer<Float>, coordinateCount: Int,
    count: Int, layers: UnsafePointer<DenseLayer>, layerCount: Int, skipLayer: Int,
    outputLayer: OutputLayer, output: UnsafeMutablePointer<Float>, tile: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.features = features
    self.channels = channels
    self.taps = taps
    self.tapWeights = tapWeights
    self.coordinates = coordinates
    self.coordinateCount = coordinateCount
    self.count = count
    self.layers = layers
    self.layerCount = layerCount
    self.skipLayer = skipLayer
    self.outputLayer = outputLayer
    self.output = output
    self.tile = tile
    self.scratch = scratch
  }
}
