/// The same thing measured several times: seconds, or rates.
public struct Samples: Sendable, Equatable {
  /// In the order in which they were measured; at least one.
  public let values: [Double]
  private let sorted: [Double]

  /// Takes at least one value.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "no samples")
    self.values = values
    sorted = values.sorted()
  }

  /// The smallest value: of times, that of the least disturbed run.
  public var minimum: Double { sorted[0] }

  /// The largest value.
  public var maximum: Double { sorted[sorted.count - 1] }

  /// The middle value; of an even number of values the mean of the two in the middle.
  public var median: Double {
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// `(maximum - minimum) / median`: how far apart the runs were; 0 for a single one.
  public var spread: Double { median == 0 ? 0 : (maximum - minimum) / median }
}

/// Two measurements of the same thing, one of them from before.
public struct Comparison: Sendable, Equatable {
  /// Median seconds before over median seconds now: above 1 it has become faster.
  public let ratio: Double

  /// Whether every run now was slower than every run before, or every one faster.
  ///
  /// Of two times five runs that differ by nothing but chance this happens twice in 252 comparisons.
  public let isOutsideSpread: Bool

  /// Compares seconds now with seconds before.
  public init(now: Samples, before: Samples) {
    ratio = before.median / now.median
    isOutsideSpread = now.minimum > before.maximum || now.maximum < before.minimum
  }
}
