/// How intensities become gray levels, 0 to 255.
public enum GrayWindow: Sendable, Equatable {
  /// `low` is black and `high` white.
  case range(low: Double, high: Double)
  /// 0 is level 128, `-limit` 1 and `limit` 255.
  case signed(limit: Double)

  /// The level of a value; what lies outside is black or white.
  public func level(_ value: Float) -> UInt8 {
    let level: Double =
      switch self {
      case .range(let low, let high):
        high > low ? (Double(value) - low) / (high - low) * 255 : 0
      case .signed(let limit): limit > 0 ? Double(value) / limit * 127 + 128 : 128
      }
    return level.isFinite ? UInt8(min(max(level.rounded(), 0), 255)) : 0
  }
}
