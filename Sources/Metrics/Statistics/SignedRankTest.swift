import Glibc

/// The paired, two-sided signed-rank test of Wilcoxon, as `scipy.stats.wilcoxon`.
public struct SignedRankTest: Sendable, Equatable {
  /// How the probability is found.
  public enum Method: String, Sendable {
    /// The distribution without ties.
    case exact
    /// All signs of the ranks at hand.
    case permutation
    /// The normal approximation, without correction for continuity.
    case asymptotic
  }

  /// Pairs that count: those without NaN.
  public let count: Int
  /// The smaller of the two rank sums.
  public let statistic: Double
  /// The probability of so small a statistic if both are alike; NaN if it is not defined.
  public let probability: Double
  /// How it was found.
  public let method: Method

  /// Tests whether x - y is symmetric about 0.
  ///
  /// - Parameters:
  ///   - x: Scores of one method.
  ///   - y: Scores of the other for the same cases; as many.
  public init(_ x: [Double], _ y: [Double]) {
    precondition(x.count == y.count, "\(x.count) scores and \(y.count)")
    let differences = zip(x, y).map { $0 - $1 }.filter { !$0.isNaN }
    let ranked = RankedDifferences(differences.filter { $0 != 0 })
    count = differences.count
    let above = ranked.doubledSumAbove
    let below = ranked.doubledTotal - above
    statistic = count == 0 ? .nan : Double(min(above, below)) / 2
    let isPlain = ranked.tieSizes.isEmpty && ranked.count == count
    method = count > 50 || count > 13 && !isPlain ? .asymptotic : isPlain ? .exact : .permutation
    if count == 0 {
      probability = .nan
    } else if method == .asymptotic {
      probability = ranked.normalProbability
    } else {
      probability = ranked.exactProbability
    }
  }
}

/// Differences that are not 0, by the ranks of their sizes.
private struct RankedDifferences {
  /// Twice the mid-rank, which is whole, and whether the difference is above 0.
  private var entries: [(doubledRank: Int, isAbove: Bool)] = []
  /// Of groups with two or more of one size.
  private(set) var tieSizes: [Int] = []

  init(_ differences: [Double]) {
    let sorted = differences.sorted { abs($0) < abs($1) }
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, abs(sorted[end]) == abs(sorted[start]) { end += 1 }
      for index in start..<end { entries.append((start + 1 + end, sorted[index] > 0)) }
      if end - start > 1 { tieSizes.append(end - start) }
      start = end
    }
  }

  var count: Int { entries.count }
  var doubledTotal: Int { entries.reduce(0) { $0 + $1.doubledRank } }
  var doubledSumAbove: Int { entries.reduce(0) { $0 + ($1.isAbove ? $1.doubledRank : 0) } }

  /// By counting the signs that give each sum.
  var exactProbability: Double {
    var patterns = [UInt64](repeating: 0, count: doubledTotal + 1)
    patterns[0] = 1
    var reached = 0
    for entry in entries {
      reached += entry.doubledRank
      for sum in stride(from: reached, through: entry.doubledRank, by: -1) {
        patterns[sum] += patterns[sum - entry.doubledRank]
      }
    }
    let observed = doubledSumAbove
    let atMost = patterns[...observed].reduce(0, +)
    let atLeast = patterns[observed...].reduce(0, +)
    return min(1, 2 * Double(min(atMost, atLeast)) / exp2(Double(count)))
  }

  var normalProbability: Double {
    let m = Double(count)
    let ties = tieSizes.reduce(0.0) { $0 + Double($1 * $1 * $1 - $1) }
    let deviation = ((m * (m + 1) * (2 * m + 1) - ties / 2) / 24).squareRoot()
    guard deviation > 0 else { return .nan }
    let z = (Double(doubledSumAbove) / 2 - m * (m + 1) / 4) / deviation
    return erfc(abs(z) / 2.0.squareRoot())
  }
}
