/// The smallest and the largest intensity that may occur.
public struct IntensityRange: Sendable, Equatable {
  /// The smallest.
  public let low: Float
  /// The largest; not below ``low``.
  public let high: Float

  /// Pairs two limits; nil if one is not a number or they are in the wrong order.
  public init?(low: Float, high: Float) {
    guard low <= high else { return nil }
    self.low = low
    self.high = high
  }

  /// The range of the finite values; nil if there is none.
  public init?(ofFinite voxels: some Sequence<Float>) {
    var low = Float.infinity
    var high = -Float.infinity
    for value in voxels where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    self.init(low: low, high: high)
  }

  /// Limits values to the range in place; one that is not a number stays.
  public func clamp(_ values: UnsafeMutableBufferPointer<Float>) {
    for index in values.indices {
      if values[index] < low { values[index] = low }
      if values[index] > high { values[index] = high }
    }
  }
}
