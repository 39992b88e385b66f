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

  /// Values are limited to this range, in input units.
  public var clip: IntensityRange?
  /// Where to compute; nil: everywhere.
  public var mask: RegionMask?
  /// The value where the mask is 0.
  public var outside: Outside

  /// Collects the settings; by default nothing is changed and everything is computed.
  public init(
    clip: IntensityRange? = nil, mask: RegionMask? = nil, outside: Outside = .zero
  ) {
    self.clip = clip
    self.mask = mask
    self.outside = outside
  }
}
