import Checkpoints
import Files
import FusedInference
import Networks
import Training
import Volumes
import Workers

/// One run of `learn-filters`: everything is checked first, cheapest first; then it learns.
struct LearnFiltersJob {
  let request: LearnFiltersRequest
  let session: Session

  private var console: Console { session.console }

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    try Signals.watch { [console] in console.progress.printStatus() }
    return try session.reportingFailure({
      LearnFiltersReport.failed(request, $0, warnings: console.warnings)
    }) { () throws(Failure) in
      let prepared = try PreparedFilterLearning(request, console)
      let outcome = try learn(prepared)
      if session.format == .json {
        try StandardStreams.printResult(
          LearnFiltersReport.done(request, prepared, outcome, console.warnings).document)
      }
      return .ok
    }
  }

  private func learn(_ prepared: PreparedFilterLearning) throws(Failure) -> FilterLearningOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    // Holds the name, so that a second run of the same output is refused.
    let output = try Failure.of { () throws(FileError) in
      try AtomicOutputFile(path: request.output, force: request.force)
    }
    let learner = try prepared.learner()
    console.release()
    console.start(
      input: request.source, plan: prepared.summary(passes: learner.passCount),
      values: prepared.summaryMembers)
    let limit = request.timeLimit
    let monitor = FilterLearningMonitor { [console] stage, done in
      console.progress.update(stage: stage, done: done)
    }
    var isOverdue: Bool { limit.map { start.duration(to: clock.now).seconds > $0 } ?? false }
    var saved = clock.now
    let filters = try Signals.whileRunning(cancel: monitor.cancel) {
      () throws(Failure) -> GradientFilters? in
      do {
        return try learner.run(prepared.volume, monitor: monitor) {
          if isOverdue { monitor.cancel() }
          // Sums can be gigabytes: they are saved now and then, and when the run is stopped.
          guard clock.now - saved > .seconds(Self.savingInterval) else { return }
          try learner.state.write(to: request.state, key: prepared.key)
          saved = clock.now
        }
      } catch FilterLearningError.cancelled {
        try Failure.of { () throws(FilterLearningError) in
          try learner.state.write(to: request.state, key: prepared.key)
        }
        // The program dies of the signal where this arrives.
        if Signals.stopRequest != nil { throw Failure(FilterLearningError.cancelled) }
        return nil
      } catch {
        throw Failure(caught: error)
      }
    }
    let outcome = FilterLearningOutcome(
      filters: filters, passes: learner.passCount, samples: learner.state.counts.reduce(0, +),
      seconds: start.duration(to: clock.now).seconds)
    if let filters {
      try write(filters, prepared, to: output)
      OutputFolder.remove(request.state)
    }
    finish(outcome)
    return outcome
  }

  /// Seconds between two states.
  private static let savingInterval = 600

  private func write(
    _ filters: GradientFilters, _ prepared: PreparedFilterLearning, to output: AtomicOutputFile
  ) throws(Failure) {
    do {
      let provenance = JSON.object([
        ("program", .string("arssr \(Arssr.version) learn-filters"))
      ]).line
      let file = try SafetensorsFile(
        modelOf: .filters(filters), tensors: filters.tensors,
        metadata: prepared.card(of: filters), provenance: provenance)
      try output.write(file.bytes)
      try output.commit()
    } catch {
      throw Failure(caught: error, about: .model)
    }
  }

  private func finish(_ outcome: FilterLearningOutcome) {
    let seconds = NumberText.fixed(outcome.seconds, decimals: 1)
    let line: String
    if let filters = outcome.filters {
      line =
        "done in \(seconds) s: \(outcome.filterCount) of "
        + "\(counted(filters.bucketCount, "bucket")) with a filter of their own, "
        + "\(counted(outcome.samples, "sample")): \(Escaping.path(request.output))"
    } else {
      // The result that is there already may be replaced by who goes on, as by who began.
      let options = request.force ? "--resume --force" : "--resume"
      line = "saved after \(seconds) s in \(Escaping.path(request.state)); \(options) goes on"
    }
    console.finish(
      input: request.source, line: line,
      values: [
        ("output", .string(request.output)), ("seconds", RunReport.seconds(outcome.seconds)),
      ])
  }
}

/// What a run came to.
struct FilterLearningOutcome {
  /// Nil where the time was over.
  let filters: GradientFilters?
  let passes: Int
  let samples: Int
  let seconds: Double

  /// Buckets that got a filter of their own.
  var filterCount: Int {
    filters.map { filters in (0..<filters.bucketCount).count { filters.hasFilter($0) } } ?? 0
  }
}
