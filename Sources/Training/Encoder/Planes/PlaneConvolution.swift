import KernelInterface

/// A 3x3x3 convolution at Winograd's points in the plane, from tiles to a map, forward or of gradients.
struct PlaneConvolution {
  var inputs: [TileMap]
  /// Channels of each input.
  var channels: [Int]
  var filters: PlaneFilters
  var bias: UnsafePointer<Float>
  var isRectified = false
  /// Added to the result after ReLU.
  var addition: FeatureMap?
  /// The addition has one channel, for all.
  var additionIsBroadcast = false
  /// Where these are not positive, the result is zero.
  var activations: FeatureMap?
  var output: FeatureMap
}
