import Files
import FusedInference
import Volumes
import Workers

/// The work on one volume whose checks have passed.
struct UpsampleComputation {
  let prepared: PreparedUpsampling
  /// Checksums of what is read, as far as they are known.
  let known: InputDigests?

  private var request: UpsampleRequest { prepared.request }
  private var console: Console { prepared.console }

  /// Makes the result, unless it is there and wanted to be left alone.
  ///
  /// - Returns: What it took; nil where it was there.
  /// - Throws: Why there is no result.
  static func run(_ prepared: PreparedUpsampling) throws(Failure) -> UpsampleOutcome? {
    let (isUnneeded, digests) = try existing(prepared)
    guard isUnneeded else {
      return try UpsampleComputation(prepared: prepared, known: digests).run()
    }
    prepared.console.release()
    prepared.console.skip(
      input: prepared.request.input,
      line: "skipped, \(Escaping.path(prepared.request.output)) was made in the same way",
      values: [
        ("output", .string(prepared.request.output)), ("status", .string("skipped")),
      ])
    return nil
  }

  /// Whether the result is there and wanted to be left alone.
  static func isUnneeded(_ prepared: PreparedUpsampling) throws(Failure) -> Bool {
    try existing(prepared).isCurrent
  }

  /// Whether the result need not be made, and the checksums that had to be known for it.
  private static func existing(
    _ prepared: PreparedUpsampling
  ) throws(Failure) -> (isCurrent: Bool, digests: InputDigests?) {
    guard prepared.request.skipsExisting else { return (false, nil) }
    let existing = ExistingResult(of: prepared)
    guard existing.isThere else { return (false, nil) }
    let digests = try InputDigests(of: prepared)
    return (existing.isCurrent(digests), digests)
  }

  private func run() throws(Failure) -> UpsampleOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let output = try VolumeOutput(
      request.file, header: prepared.outputHeader(), input: prepared.input,
      digest: known?.source, pool: prepared.machine.pool, burst: prepared.burst)
    let digests: InputDigests
    if let known {
      digests = known
    } else {
      digests = try InputDigests(
        source: output.sourceDigest, others: request.sidecar == nil ? [] : request.otherInputs)
    }
    let uncertainty = try request.refinement.uncertainty.map { file throws(Failure) in
      try VolumeOutput(
        file, header: prepared.uncertaintyHeader(), input: prepared.input,
        pool: prepared.machine.pool)
    }
    let report = try request.refinement.report?.open()
    var shown: (input: Volume, result: AlignedBuffer<Float>)?
    var outcome = UpsampleOutcome()
    let nonFinite = request.nonFinite.setting
    let only = try prepared.input.verify(
      frames: prepared.frames, nonFinite: nonFinite, console: console)
    outcome.seconds.read = (clock.now - start).seconds
    console.release()
    console.start(
      input: request.input, plan: prepared.summary, values: prepared.summaryMembers)

    let ticker = ProgressTicker(
      progress: console.progress, jobCount: prepared.frames.count * prepared.runsPerFrame)
    defer { ticker.stop() }
    try Signals.whileRunning(cancel: ticker.cancel) { () throws(Failure) in
      try prepared.input.forEachFrame(prepared.frames, only: only, nonFinite: nonFinite) {
        number, volume throws(Failure) in
        if number == 0, let bids = request.bids, bids.skullStripped == nil {
          let (isStripped, notice) = SkullStripping.judged(volume, path: request.input)
          outcome.skullStripped = isStripped
          console.warn(notice)
        }
        let intensity = try prepared.intensity(of: volume)
        outcome.intensities.append(intensity)
        guard let refinement = prepared.refinement else {
          let timings = try prepared.engine.run(
            volume, request: request, intensity: intensity, mask: prepared.mask,
            guide: prepared.guide, machine: prepared.machine,
            monitor: ticker.monitor(ofJob: number), sink: output.append)
          return outcome.add([timings])
        }
        let result = try WholeFrame(
          prepared: prepared, plan: refinement, output: output, uncertainty: uncertainty
        ).run(volume, number: number, intensity: intensity, ticker: ticker, outcome: &outcome)
        if report != nil, number == 0 { shown = (volume, result) }
      }
    }
    ticker.stop()
    let finishing = clock.now
    if let uncertainty {
      // Nearly all that can fail is done with both before one of them has its name.
      try uncertainty.flush()
      try output.flush()
      try uncertainty.commit(console) { "" }
    }
    if request.sidecar != nil {
      outcome.uncertaintyDigest = CompanionFiles(request: request).uncertaintyDigest
    }
    try output.commit(console) {
      outcome.saturatedCount = output.saturatedCount
      return Sidecar(prepared, outcome, digests: digests).json.document
    }
    if let report, let shown {
      try UpsamplePage(prepared, sidecar: Sidecar(prepared, outcome, digests: digests))
        .write(shown, to: report)
    }
    outcome.seconds.write += (clock.now - finishing).seconds
    outcome.seconds.total = (clock.now - start).seconds
    output.warnOfSaturation(console)
    console.report(outcome, of: prepared)
    return outcome
  }
}
