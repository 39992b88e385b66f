import Degradation
import Files
import Volumes
import Workers

/// One run of `degrade`: everything is checked first, cheapest first; then it computes.
struct DegradeJob {
  let request: DegradeRequest
  let session: Session

  private var console: Console { session.console }

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    try Signals.watch { [console] in console.progress.printStatus() }
    return try session.reportingFailure({
      DegradeReport.failed(request, $0, warnings: console.warnings)
    }) { () throws(Failure) in
      let prepared = try prepare()
      let outcome = try compute(prepared)
      if session.format == .json {
        try StandardStreams.printResult(DegradeReport.done(prepared, outcome).document)
      }
      return .ok
    }
  }

  /// Checks existence, then content, then the plan.
  private func prepare() throws(Failure) -> PreparedDegradation {
    let paths = [request.input] + (request.mask.map { [$0] } ?? [])
    try VolumeInput.checkExistence(paths.map { (path: $0, kind: .volume) })
    let machine = try Machine(request.computing, console: console)
    let input = try VolumeInput(path: request.input, limit: machine.memoryLimit)
    let frames = try input.frames(request.frames)
    let plan = try Failure.of { () throws(DegradationError) in
      try input.header.grid.degraded(by: request.degradation)
    }
    plan.notices.forEach(console.warn)
    let mask = try request.mask.map { path throws(Failure) in
      try AuxiliaryInput(mask: path, over: input.header.grid)
    }
    var prepared = PreparedDegradation(
      request: request, machine: machine, input: input, frames: frames, plan: plan, mask: nil,
      console: console)
    try prepared.checkMemory(maskBytes: mask?.maskBytes ?? 0)
    prepared.mask = try mask?.mask(console: console)
    return prepared
  }

  private func compute(_ prepared: PreparedDegradation) throws(Failure) -> DegradeOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let pool = prepared.machine.pool
    let output = try VolumeOutput(
      request.file, header: prepared.outputHeader(), input: prepared.input, pool: pool)
    let nonFinite = request.nonFinite.setting
    let only = try prepared.input.verify(
      frames: prepared.frames, nonFinite: nonFinite, console: console)
    console.release()
    console.start(
      input: request.input, plan: prepared.summary, values: prepared.summaryMembers)
    var outcome = DegradeOutcome()
    let monitor = DegradationMonitor()
    try Signals.whileRunning(cancel: monitor.cancel) { () throws(Failure) in
      try prepared.input.forEachFrame(prepared.frames, only: only, nonFinite: nonFinite) {
        number, volume throws(Failure) in
        let result = try Failure.of { () throws(DegradationError) in
          try prepared.plan.run(
            volume.voxels, noise: request.noise, mask: prepared.mask,
            frame: prepared.frames[number], pool: pool, monitor: monitor)
        }
        outcome.noiseSigmas.append(result.noiseSigma)
        do {
          try result.withVoxels(output.append)
        } catch {
          throw Failure(caught: error)
        }
      }
    }
    warnOfMissingNoise(outcome)
    try output.commit(console) { DegradeSidecar(prepared, outcome, output).json.document }
    outcome.seconds = (clock.now - start).seconds
    output.warnOfSaturation(console)
    console.finish(
      input: request.input,
      line: "done in \(NumberText.fixed(outcome.seconds, decimals: 1)) s, peak "
        + "\(ByteSize.text(MemoryLimit.peakResidentBytes())): "
        + Escaping.path(request.file.path),
      values: [
        ("output", .string(request.file.path)), ("seconds", RunReport.seconds(outcome.seconds)),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
      ])
    return outcome
  }

  private func warnOfMissingNoise(_ outcome: DegradeOutcome) {
    guard case .share(let share)? = request.noise?.level, share > 0,
      outcome.noiseSigmas.contains(0)
    else { return }
    console.warn(
      Notice(
        code: "usage.value", subject: "--noise",
        message: "a share of the range of a constant volume is 0, so it got no noise"))
  }
}

/// What a run made.
struct DegradeOutcome {
  /// The standard deviation of the noise of each frame; 0: none.
  var noiseSigmas: [Double] = []
  var seconds = 0.0
}
