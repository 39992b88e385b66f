/// How often something is run to measure it.
public struct Repetition: Sendable {
  /// Samples to take.
  public var samples: Int
  /// Seconds that all samples together take at least; short runs are repeated within a sample.
  public var leastSeconds: Double

  /// Takes a number of samples, 1 or more.
  public init(samples: Int, leastSeconds: Double) {
    precondition(samples >= 1, "samples: \(samples)")
    self.samples = samples
    self.leastSeconds = leastSeconds
  }

  /// Measured seconds and what the process used meanwhile.
  public struct Outcome: Sendable {
    /// One value per sample and part; each the mean over the runs of a sample.
    public var parts: [Samples]
    /// Runs in all samples together.
    public var runs: Int
    /// From the first sample's begin to the last one's end.
    public var usage: ProcessUsage
  }

  /// Runs once to warm up, then measures.
  ///
  /// - Parameters:
  ///   - warmedUp: Called after the first run, which does not count.
  ///   - progress: Told the share of the samples that is done.
  ///   - run: Does the work once and returns the seconds of each part, the longest first; the same
  ///     number of parts each time.
  /// - Returns: The samples of every part.
  /// - Throws: What `run` throws.
  public func measure(
    warmedUp: () -> Void = {}, progress: (Double) -> Void = { _ in },
    _ run: () throws -> [Double]
  ) rethrows -> Outcome {
    let first = try run()
    warmedUp()
    let runsPerSample = Self.runsPerSample(
      seconds: first[0], samples: samples, leastSeconds: leastSeconds)
    var values = [[Double]](repeating: [], count: first.count)
    let before = ProcessUsage.now()
    for sample in 0..<samples {
      progress(Double(sample) / Double(samples))
      var sums = [Double](repeating: 0, count: first.count)
      for _ in 0..<runsPerSample {
        for (part, seconds) in try run().enumerated() { sums[part] += seconds }
      }
      for part in sums.indices { values[part].append(sums[part] / Double(runsPerSample)) }
    }
    return Outcome(
      parts: values.map(Samples.init), runs: samples * runsPerSample,
      usage: ProcessUsage.now() - before)
  }

  /// Runs in a sample, so that all samples take the least time if each run takes `seconds`.
  static func runsPerSample(seconds: Double, samples: Int, leastSeconds: Double) -> Int {
    let wanted = leastSeconds / (Double(samples) * max(seconds, 1e-9))
    return max(1, Int(min(wanted.rounded(.up), 1e6)))
  }
}

/// Runs work and returns the seconds that it took.
public func seconds(of work: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  try work()
  return (clock.now - start) / .seconds(1)
}
