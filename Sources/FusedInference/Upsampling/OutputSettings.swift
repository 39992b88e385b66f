import Volumes

/// What happens to output values after the network, or in place of it.
public struct OutputSettings: Sendable {
  /// What stands where the mask is 0.
  public enum Outside: String, CaseIterable, Sendable {
    /// The value 0.
    case zero
    /// The linearly interpolated input.
    case linear
  }

  /// What is computed where the input has a constant background.
  public enum BackgroundPolicy: String, CaseIterable, Sendable {
    /// Its value is written where nothing else lies within 2 input voxels.
    case keep
    /// Everything is computed.
    case compute
  }

  /// Values are limited to this range, in input units.
  public var clip: IntensityRange?
  /// Where to compute; nil: everywhere.
  public var mask: RegionMask?
  /// The value where the mask is 0.
  public var outside: Outside
  /// What is computed of a background; only for networks and grids parallel to the input.
  public var background: BackgroundPolicy

  /// Collects the settings; by default nothing is changed and everything is computed.
  public init(
    clip: IntensityRange? = nil, mask: RegionMask? = nil, outside: Outside = .zero,
    background: BackgroundPolicy = .compute
  ) {
    self.clip = clip
    self.mask = mask
    self.outside = outside
    self.background = background
  }
}
