import RandomNumbers

/// Mean, spread and median of scores.
public struct ScoreSummary: Sendable, Equatable {
  /// The scores that count.
  public let values: [Double]
  /// Scores that are NaN, which do not count.
  public let droppedCount: Int

  /// Takes scores; those that are NaN are dropped and counted.
  public init(_ scores: [Double]) {
    values = scores.filter { !$0.isNaN }
    droppedCount = scores.count - values.count
  }

  /// The mean; infinite where a score is, NaN without scores.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The standard deviation with divisor n - 1; NaN for fewer than two scores.
  public var standardDeviation: Double {
    let mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return values.count < 2 ? .nan : (squares / Double(values.count - 1)).squareRoot()
  }

  /// The median.
  public var median: Double { Self.percentile(50, ofSorted: values.sorted()) }

  /// The percentile of sorted values: at position q / 100 (n - 1), by linear interpolation.
  static func percentile(_ q: Double, ofSorted values: [Double]) -> Double {
    guard let last = values.last else { return .nan }
    let position = q / 100 * Double(values.count - 1)
    let index = Int(position)
    guard index + 1 < values.count else { return last }
    let (low, high) = (values[index], values[index + 1])
    let share = position - Double(index)
    // Of an infinite neighbour even no share would be NaN.
    return low == high || share == 0 ? low : low + (high - low) * share
  }

  /// The 95 % interval of the mean by the percentile bootstrap.
  ///
  /// - Parameters:
  ///   - replicates: Samples drawn with replacement.
  ///   - seed: Of ``SplitMix64``; one generator runs through all replicates.
  /// - Returns: Both bounds; the value itself where there is one, NaN where there is none.
  public func interval(replicates: Int = 10_000, seed: UInt64) -> (lower: Double, upper: Double) {
    guard let only = values.first else { return (.nan, .nan) }
    guard values.count > 1 else { return (only, only) }
    var generator = SplitMix64(seed: seed)
    let count = UInt64(values.count)
    let means = (0..<replicates).map { _ in
      var sum = 0.0
      for _ in 0..<values.count {
        sum += values[Int(generator.next().multipliedFullWidth(by: count).high)]
      }
      return sum / Double(values.count)
    }.sorted()
    return (
      Self.percentile(2.5, ofSorted: means), Self.percentile(97.5, ofSorted: means)
    )
  }
}
