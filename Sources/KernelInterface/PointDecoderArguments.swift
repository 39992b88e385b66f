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
  /// All layers; the input of stage two's first layer is x + h.
  public var stack: LayerStack
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
    count: Int, stack: LayerStack, output: UnsafeMutablePointer<Float>, tile: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.features = features
    self.channels = channels
    self.taps = taps
    self.tapWeights = tapWeights
    self.coordinates = coordinates
    self.coordinateCount = coordinateCount
    self.count = count
    self.stack = stack
    self.output = output
    self.tile = tile
    self.scratch = scratch
  }
}
