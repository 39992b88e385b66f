/// A linear map of intensities to a network's range and back: `low` becomes 0, `high` becomes 1.
public struct IntensityMap: Sendable, Equatable {
  /// The intensity that becomes 0.
  public let low: Double
  /// The intensity that becomes 1; above ``low``.
  public let high: Double

  /// Takes the two intensities.
  ///
  /// Where `high` is not above `low`, as for a constant volume, `low + 1` takes its place (or the
  /// next larger number where 1 is lost beside `low`): the constant becomes 0 and comes back as
  /// itself.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high > low ? high : low + max(1, low.ulp)
  }

  /// The map that changes nothing.
  public static let identity = IntensityMap(low: 0, high: 1)

  /// Measures a volume.
  ///
  /// Values that are not finite take no part; a volume without finite values gets ``identity``.
  ///
  /// - Parameters:
  ///   - normalisation: What becomes 0 and 1.
  ///   - voxels: All intensities, in any order.
  /// - Returns: The map, which does not depend on the order.
  public static func measured(_ normalisation: Normalisation, voxels: [Float]) -> IntensityMap {
    switch normalisation {
    case .none:
      return .identity
    case .scale(let value):
      return IntensityMap(low: 0, high: value)
    case .maximum:
      guard let range = IntensityRange(ofFinite: voxels), range.high > 0 else { return .identity }
      return IntensityMap(low: 0, high: Double(range.high))
    case .minmax:
      guard let range = IntensityRange(ofFinite: voxels) else { return .identity }
      return IntensityMap(low: Double(range.low), high: Double(range.high))
    case .percentile(let low, let high):
      guard let values = Percentiles.of(voxels, at: [low, high]) else { return .identity }
      return IntensityMap(low: values[0], high: values[1])
    }
  }

  /// An intensity in the network's range; computed in double, rounded once.
  public func normalise(_ value: Float) -> Float {
    Float((Double(value) - low) / (high - low))
  }

  /// The intensity that a value of the network's range stands for; computed in double, rounded once.
  public func denormalise(_ value: Float) -> Float {
    Float(Double(value) * (high - low) + low)
  }

  /// All intensities in the network's range.
  public func normalise(_ voxels: [Float]) -> [Float] {
    self == .identity ? voxels : voxels.map(normalise)
  }

  /// Brings intensities to the network's range in place.
  public func normalise(_ values: UnsafeMutableBufferPointer<Float>) {
    if self == .identity { return }
    for index in values.indices { values[index] = normalise(values[index]) }
  }

  /// Brings values back to intensities in place.
  public func denormalise(_ values: UnsafeMutableBufferPointer<Float>) {
    if self == .identity { return }
    for index in values.indices { values[index] = denormalise(values[index]) }
  }
}
