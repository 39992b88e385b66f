extension NIfTIHeader.Scaling {
  /// Slope and intercept with which an integer type covers a range of values.
  ///
  /// The smallest value is stored as the smallest integer, the largest as the largest (but for
  /// rounding), and half a slope is the largest error. The 64-bit types use 2^53 of their range,
  /// beyond which Double has gaps. The numbers are rounded to what the header can hold, because
  /// that is what readers use. A constant is stored as 0.
  ///
  /// - Parameters:
  ///   - minimum: The smallest value, finite.
  ///   - maximum: The largest value, finite, not below `minimum`.
  ///   - type: An integer type.
  ///   - version: NIfTI-1 holds both numbers in float32.
  /// - Returns: The numbers as the header will hold them.
  public static func covering(
    minimum: Float, maximum: Float, type: VoxelType, version: NIfTIVersion
  ) -> NIfTIHeader.Scaling {
    precondition(minimum.isFinite && maximum.isFinite && minimum <= maximum)
    let stored = type.storedRange
    let low = Double(minimum)
    let high = Double(maximum)
    guard low < high else { return .init(slope: 1, intercept: low) }
    let ideal = (high - low) / (stored.upperBound - stored.lowerBound)
    let intercept = Self.held(low - ideal * stored.lowerBound, in: version)
    // With the intercept as the header holds it, both ends must still be reached.
    let needed = max(
      (high - intercept) / stored.upperBound,
      stored.lowerBound < 0 ? (low - intercept) / stored.lowerBound : 0)
    var slope = max(Self.held(needed, in: version), Double(Float.leastNormalMagnitude))
    if slope < needed { slope = Double(Float(slope).nextUp) }
    return .init(slope: slope, intercept: intercept)
  }

  private static func held(_ value: Double, in version: NIfTIVersion) -> Double {
    version == .one ? Double(Float(value)) : value
  }
}

extension VoxelType {
  /// The smallest and the largest stored value that are used; infinite for real types.
  var storedRange: ClosedRange<Double> {
    switch self {
    case .uint8: 0...255
    case .int8: -128...127
    case .int16: -32768...32767
    case .uint16: 0...65535
    case .int32: -0x1p31...(0x1p31 - 1)
    case .uint32: 0...(0x1p32 - 1)
    case .int64: -0x1p53...0x1p53
    case .uint64: 0...0x1p53
    case .float32, .float64: -.infinity ... .infinity
    }
  }
}
