/// How far the result of a fast path is from that of the direct float32 path on the same input.
public struct PathError: Sendable, Equatable {
  /// Largest absolute difference over the range of the direct result; infinite where a value is not
  /// a number.
  public let largest: Double
  /// Root of the mean square of the differences over the range of the direct result.
  public let rms: Double

  /// The largest error that the path promises.
  public let budget: Double

  /// Whether the path keeps its promise.
  public var isWithinBudget: Bool { largest <= budget }

  /// Compares two results of the same size; two constant ones may not differ at all.
  ///
  /// - Parameters:
  ///   - result: By the fast path.
  ///   - direct: By the direct path, on the same input.
  ///   - budget: The largest error that the fast path promises, as a share of the range.
  public init(result: [Float], direct: [Float], budget: Double) {
    precondition(result.count == direct.count, "\(result.count) voxels and \(direct.count)")
    var (low, high) = (Double.infinity, -Double.infinity)
    var (sum, most) = (0.0, 0.0)
    for (value, expected) in zip(result, direct) {
      low = min(low, Double(expected))
      high = max(high, Double(expected))
      let distance = abs(Double(value) - Double(expected))
      most = distance.isNaN ? .infinity : max(most, distance)
      sum += distance * distance
    }
    let range = high > low ? high - low : 0
    self.budget = budget
    largest = most == 0 ? 0 : most / range
    rms = sum == 0 ? 0 : (sum / Double(max(result.count, 1))).squareRoot() / range
  }
}
