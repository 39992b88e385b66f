import Profiling
import Testing

@Suite("Statistics of repeated measurements")
struct SamplesTests {
  @Test func theMedianIsTheMiddleOfOddAndTheMeanOfTwoOfEvenCounts() {
    let odd = Samples([5, 1, 3])
    #expect(odd.minimum == 1)
    #expect(odd.median == 3)
    #expect(odd.maximum == 5)
    #expect(Samples([4, 1, 2, 10]).median == 3)
    #expect(Samples([7]).median == 7)
  }

  @Test func valuesKeepTheOrderInWhichTheyWereMeasured() {
    #expect(Samples([5, 1, 3]).values == [5, 1, 3])
  }

  /// (11 - 9) / 10.
  @Test func theSpreadIsTheWholeRangeOverTheMedian() {
    #expect(abs(Samples([9, 10, 10, 10, 11]).spread - 0.2) < 1e-15)
    #expect(Samples([3]).spread == 0)
    #expect(Samples([0, 0, 0]).spread == 0)
  }
}

@Suite("Comparison with an earlier measurement")
struct ComparisonTests {
  private let before = Samples([1.0, 1.1, 1.2, 1.1, 1.0])

  @Test func theRatioIsThatOfTheMediansAndAboveOneIsFaster() {
    #expect(Comparison(now: Samples([0.55]), before: before).ratio == 2)
    #expect(abs(Comparison(now: Samples([2.2]), before: before).ratio - 0.5) < 1e-15)
  }

  @Test func onlyRunsThatDoNotOverlapAreOutsideTheSpread() {
    #expect(!Comparison(now: before, before: before).isOutsideSpread)
    // One run of the new ones is as slow as the fastest of the old.
    #expect(!Comparison(now: Samples([0.8, 0.9, 1.0]), before: before).isOutsideSpread)
    #expect(Comparison(now: Samples([0.8, 0.9, 0.99]), before: before).isOutsideSpread)
    #expect(!Comparison(now: Samples([1.2, 1.5]), before: before).isOutsideSpread)
    #expect(Comparison(now: Samples([1.21, 1.5]), before: before).isOutsideSpread)
  }
}
