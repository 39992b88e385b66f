/// How the values of a volume are spread over a range.
public struct IntensityHistogram: Sendable, Equatable {
  /// Bins of equal width.
  public static let binCount = 128

  /// The share of all values in each bin; what lies outside the range counts in no bin.
  public let shares: [Double]

  /// Counts the values between `low` and `high`.
  public init(_ voxels: [Float], low: Double, high: Double) {
    var counts = [Int](repeating: 0, count: Self.binCount)
    let scale = high > low ? Double(Self.binCount) / (high - low) : 0
    for value in voxels {
      let place = (Double(value) - low) * scale
      if place >= 0, place < Double(Self.binCount) { counts[Int(place)] += 1 }
    }
    shares = counts.map { Double($0) / Double(max(1, voxels.count)) }
  }
}
