/// Exponential linear units on a row of voxels: `y = x scale + shift`, then y where it is above 0, else
/// `exp(y) - 1`.
///
/// Within 4e-7 of the units of the rounded y: the exponential is a polynomial in float32.
public struct ExponentialUnitArguments {
  /// `[voxel][channel]`.
  public var source: UnsafePointer<Float>
  /// The same layout; it may be the source.
  public var target: UnsafeMutablePointer<Float>
  /// Voxels of the row.
  public var voxels: Int
  /// Floats per voxel, a multiple of `FeatureLayout.channelGranule`.
  public var channels: Int
  /// Per channel, with their padding.
  public var scale: UnsafePointer<Float>
  /// Per channel, with their padding.
  public var shift: UnsafePointer<Float>

  /// Makes the value from its parts.
  public init(
    source: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>, voxels: Int, channels: Int,
    scale: UnsafePointer<Float>, shift: UnsafePointer<Float>
  ) {
    self.source = source
    self.target = target
    self.voxels = voxels
    self.channels = channels
    self.scale = scale
    self.shift = shift
  }
}
