/// How well a result agrees with the measurement that it was made from.
public struct Agreement: Sendable, Equatable {
  /// A difference counts as beyond noise from this many standard deviations on.
  public static let noiseFactor = 3.0

  /// Measured voxels that were compared.
  public let voxels: Int
  /// Root of the mean square of the differences.
  public let rootMeanSquare: Double
  /// The largest difference, without its sign.
  public let largest: Double
  /// The estimated standard deviation of the measurement's noise; nil where there is no estimate.
  public let noise: Double?
  /// The share of differences beyond three times the noise; 0.0027 of normal noise would be.
  public let shareBeyondNoise: Double?

  /// Sums up differences.
  ///
  /// - Parameters:
  ///   - differences: MeasurementModel less the result measured again, in the measurement's order.
  ///   - isCounted: Which count; nil: all.
  ///   - noise: The estimate.
  public init(_ differences: [Float], isCounted: [Bool]?, noise: Double?) {
    var (sum, largest, count, beyond) = (0.0, 0.0, 0, 0)
    let limit = noise.map { Self.noiseFactor * $0 } ?? .infinity
    for (index, difference) in differences.enumerated() where isCounted?[index] ?? true {
      let size = abs(Double(difference))
      sum += size * size
      largest = max(largest, size)
      count += 1
      beyond += size > limit ? 1 : 0
    }
    voxels = count
    rootMeanSquare = count > 0 ? (sum / Double(count)).squareRoot() : 0
    self.largest = largest
    self.noise = noise
    shareBeyondNoise = noise == nil || count == 0 ? nil : Double(beyond) / Double(count)
  }
}
