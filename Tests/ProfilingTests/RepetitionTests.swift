import Testing

@testable import Profiling

@Suite("Repetition")
struct RepetitionTests {
  /// 5 samples in 1 s are 0.2 s each: 20 runs of 10 ms, 7 of 30 ms, one of 0.3 s.
  @Test func shortRunsAreRepeatedWithinASample() {
    func runs(_ seconds: Double) -> Int {
      Repetition.runsPerSample(seconds: seconds, samples: 5, leastSeconds: 1)
    }
    #expect(runs(0.01) == 20)
    #expect(runs(0.03) == 7)
    #expect(runs(0.3) == 1)
    #expect(Repetition.runsPerSample(seconds: 0.01, samples: 5, leastSeconds: 0) == 1)
    #expect(Repetition.runsPerSample(seconds: 0, samples: 1, leastSeconds: 3600) == 1_000_000)
  }

  @Test func theFirstRunWarmsUpAndDoesNotCount() {
    var calls = 0
    var warm = 0
    let outcome = Repetition(samples: 3, leastSeconds: 0).measure(warmedUp: { warm = calls }) {
      calls += 1
      return [Double(calls), Double(10 * calls)]
    }
    #expect(warm == 1)
    #expect(calls == 4)
    #expect(outcome.runs == 3)
    #expect(outcome.parts.map(\.values) == [[2, 3, 4], [20, 30, 40]])
  }

  /// The first run takes 1 s by its own account, so 2 samples of 4 s have 2 runs each.
  @Test func aSampleIsTheMeanOfItsRuns() {
    var calls = 0
    let outcome = Repetition(samples: 2, leastSeconds: 4).measure {
      calls += 1
      return [Double(calls)]
    }
    #expect(outcome.runs == 4)
    #expect(outcome.parts[0].values == [2.5, 4.5])
  }
}

@Suite("What a process used")
struct ProcessUsageTests {
  @Test func differencesAndSharesAreThoseOfTheTimeBetween() {
    let before = ProcessUsage(wallSeconds: 10, cpuSeconds: 3, involuntarySwitches: 7)
    let after = ProcessUsage(wallSeconds: 12, cpuSeconds: 6, involuntarySwitches: 9)
    let used = after - before
    #expect(used == ProcessUsage(wallSeconds: 2, cpuSeconds: 3, involuntarySwitches: 2))
    #expect(used.share(workers: 1) == 1.5)
    #expect(used.share(workers: 2) == 0.75)
  }

  @Test func aFewSwitchesAreTheSystemsOwnAndManyAreAnotherProcess() {
    func wasInterrupted(_ switches: Int, seconds: Double) -> Bool {
      ProcessUsage(wallSeconds: seconds, cpuSeconds: 1, involuntarySwitches: switches)
        .wasInterrupted
    }
    #expect(!wasInterrupted(5, seconds: 0.01))
    #expect(!wasInterrupted(20, seconds: 1))
    #expect(wasInterrupted(21, seconds: 1))
    #expect(wasInterrupted(6, seconds: 0.01))
  }

  @Test func cpuTimeGrowsWithWork() {
    let before = ProcessUsage.now()
    var sum = 0.0
    for index in 0..<3_000_000 { sum += Double(index).squareRoot() }
    #expect(sum > 0)
    let used = ProcessUsage.now() - before
    #expect(used.cpuSeconds > 0)
    #expect(used.wallSeconds > 0)
  }
}
