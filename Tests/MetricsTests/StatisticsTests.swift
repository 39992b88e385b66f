import RandomNumbers
import Testing

@testable import Metrics

@Suite struct StatisticsTests {
  @Test func randomNumbersAreThoseOfTheReference() throws {
    let stored = try StoredMetrics.load().statistics.splitmix64
    var generator = SplitMix64(seed: stored.seed)
    for expected in stored.next {
      #expect(generator.next() == UInt64(expected, radix: 16))
    }
  }

  @Test func summariesAndIntervalsAreAsStored() throws {
    for stored in try StoredMetrics.load().statistics.bootstrap {
      let summary = ScoreSummary(stored.values)
      let interval = summary.interval(replicates: stored.replicates, seed: stored.seed)
      for (found, expected) in [
        (summary.mean, stored.mean), (summary.standardDeviation, stored.deviation),
        (summary.median, stored.median), (interval.lower, stored.lower),
        (interval.upper, stored.upper),
      ] {
        #expect(abs(found - expected) <= stored.tolerance * abs(expected), "\(found), \(expected)")
      }
    }
  }

  @Test func signedRankTestsAreThoseOfScipy() throws {
    let cases = try StoredMetrics.load().statistics.wilcoxon
    #expect(cases.count >= 6)
    for stored in cases {
      let test = SignedRankTest(stored.x, stored.y)
      #expect(test.statistic == stored.statistic, "\(stored.name)")
      #expect(test.method.rawValue == stored.method, "\(stored.name)")
      #expect(
        abs(test.probability - stored.pvalue) <= stored.tolerance * stored.pvalue,
        "\(stored.name): \(test.probability), not \(stored.pvalue)")
    }
  }

  @Test func equalScoresAreNoEvidence() {
    let few = SignedRankTest([1, 2, 3], [1, 2, 3])
    #expect(few.statistic == 0)
    #expect(few.probability == 1)
    let scores = (0..<14).map(Double.init)
    #expect(SignedRankTest(scores, scores).probability.isNaN)
    let none = SignedRankTest([], [])
    #expect(none.statistic.isNaN)
    #expect(none.probability.isNaN)
  }

  @Test func scoresThatAreNaNAreDroppedInPairs() {
    let test = SignedRankTest([1, .nan, 3, 4], [0, 2, .nan, 2])
    #expect(test.count == 2)
    #expect(test == SignedRankTest([1, 4], [0, 2]))
    let summary = ScoreSummary([1, .nan, 3])
    #expect(summary.droppedCount == 1)
    #expect(summary.mean == 2)
  }

  @Test func fewScoresHaveStatedSummaries() {
    let one = ScoreSummary([4])
    #expect(one.standardDeviation.isNaN)
    #expect(one.interval(seed: 1) == (4, 4))
    let none = ScoreSummary([])
    #expect(none.mean.isNaN)
    #expect(none.median.isNaN)
    #expect(none.interval(seed: 1).lower.isNaN)
    #expect(ScoreSummary([30, .infinity]).mean == .infinity)
    #expect(ScoreSummary([29, 30, .infinity]).median == 30)
  }
}
