import Files
import FusedInference
import Volumes

/// One run of `upsample`: everything is checked first, cheapest first; then it computes.
struct UpsampleJob {
  let request: UpsampleRequest
  let session: Session

  private var console: Console { session.console }

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    if !request.dryRun {
      try Signals.watch { [console] in console.progress.printStatus() }
    }
    do throws(Failure) {
      let prepared = try prepare()
      if request.dryRun {
        let work = try prepared.work()
        try UpsamplePlanReport(
          prepared, work: work, estimate: CostEstimate(prepared, work: work)
        ).print(session.format)
        return .ok
      }
      let outcome = try compute(prepared)
      if session.format == .json {
        try StandardStreams.printResult(UpsampleReport.done(prepared, outcome).document)
      }
      return .ok
    } catch {
      if session.format == .json, Signals.stopRequest == nil {
        try StandardStreams.printResult(
          UpsampleReport.failed(request, error, warnings: console.warnings).document)
      }
      throw error
    }
  }

  // MARK: - Checks

  /// Checks everything, in the order of the rules for messages.
  ///
  /// Usage was checked before; here come existence and permission of every input, then their
  /// content, then the plan. The output is opened by ``compute(_:)``, and looked at here for a dry
  /// run.
  private func prepare() throws(Failure) -> PreparedUpsampling {
    let modelPath = try request.method == .model ? ModelLibrary.path(of: request.model) : nil
    try checkExistence(modelPath)
    let machine = try Machine(request.computing, console: console)
    let input = try UpsampleInput(path: request.input, limit: machine.memoryLimit)
    let frames = try selectedFrames(input.header)
    let target = try target(for: input)
    let mask = try mask(over: input.header.grid)
    let model = try modelPath.map { path throws(Failure) in try LoadedModel(path: path) }
    model?.notices.forEach(console.warn)
    var result = input.header.output(grid: target.grid, frames: frames.count, description: [])
    result.voxelType = request.voxelType(of: input.header)
    let held = try HeldMemory(request, machine: machine, header: result)
    let engine = try UpsampleEngine(
      request: request, model: model, inputSize: input.header.grid.size,
      sampling: target.sampling, mask: mask, machine: machine, held: held,
      holdsResult: result.voxelType.isInteger)
    let prepared = PreparedUpsampling(
      request: request, machine: machine, input: input, frames: frames, target: target, mask: mask,
      engine: engine, console: console)
    prepared.warnOfScale()
    if request.dryRun { try prepared.checkOutputs() }
    return prepared
  }

  private func checkExistence(_ modelPath: String?) throws(Failure) {
    var paths = [(request.input, ExitStatus.Subject.volume)]
    if case .like(let path) = request.target { paths.append((path, .volume)) }
    if let mask = request.mask { paths.append((mask, .volume)) }
    if let modelPath { paths.append((modelPath, .model)) }
    for (path, kind) in paths where path != StandardInput.name {
      _ = try Failure.of(kind) { () throws(FileError) in try InputFile(path: path) }
    }
  }

  private func selectedFrames(_ header: NIfTIHeader) throws(Failure) -> [Int] {
    guard let selection = request.frames else { return Array(0..<header.frames) }
    do throws(OptionValueError) {
      return try selection.frames(of: header.frames)
    } catch {
      throw Failure(.optionValue(option: "--volumes", value: "", reason: error.reason))
    }
  }

  private func target(for input: UpsampleInput) throws(Failure) -> SamplingPlan {
    let grid = input.header.grid
    let placement: HeaderPlacement = request.headerCompat ? .published : .fieldOfView
    let wish: TargetRequest
    switch request.target {
    case .request(let request): wish = request
    case .like(let path): wish = .like(try AuxiliaryVolumes.grid(of: path, console: console))
    }
    do throws(GridError) {
      let plan = try grid.target(wish, placement: placement)
      plan.notices.forEach(console.warn)
      return plan
    } catch {
      var failure = Failure(error)
      if failure.subject == nil {
        if case .like(let path) = request.target { failure.subject = path }
      }
      throw failure
    }
  }

  private func mask(over grid: Grid) throws(Failure) -> RegionMask? {
    guard let path = request.mask else { return nil }
    let (maskGrid, mask) = try AuxiliaryVolumes.mask(of: path, console: console)
    let distance = grid.fieldOfViewDistance(to: maskGrid)
    guard distance <= grid.affine.columnNorms.max() else {
      throw Failure(.maskElsewhere(path: path, millimetres: distance))
    }
    if mask.isEmpty {
      console.warn(
        Notice(
          code: "volume.overlap", subject: path,
          message: "the mask is 0 everywhere, so nothing is computed"))
    }
    return mask
  }

  // MARK: - Work

  private func compute(_ prepared: PreparedUpsampling) throws(Failure) -> UpsampleOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let output = try UpsampleOutput(prepared)
    var outcome = UpsampleOutcome()
    let nonFinite = request.nonFinite.setting
    let only = try prepared.input.verify(
      frames: prepared.frames, nonFinite: nonFinite, console: console)
    outcome.seconds.read = (clock.now - start).seconds
    console.release()
    console.start(
      input: request.input, plan: prepared.summary, values: prepared.summaryMembers)

    let ticker = ProgressTicker(progress: console.progress, jobCount: prepared.frames.count)
    defer { ticker.stop() }
    try Signals.whileRunning(cancel: ticker.cancel) { () throws(Failure) in
      try prepared.input.forEachFrame(prepared.frames, only: only, nonFinite: nonFinite) {
        number, volume throws(Failure) in
        let intensity = prepared.intensity(of: volume)
        outcome.intensities.append(intensity)
        let timings = try prepared.engine.run(
          volume, request: request, intensity: intensity, mask: prepared.mask,
          machine: prepared.machine, monitor: ticker.monitor(ofJob: number), sink: output.append)
        outcome.add(timings)
      }
    }
    ticker.stop()
    let finishing = clock.now
    try output.commit(outcome)
    outcome.saturatedCount = output.saturatedCount
    outcome.seconds.write += (clock.now - finishing).seconds
    outcome.seconds.total = (clock.now - start).seconds
    console.report(outcome, of: prepared)
    return outcome
  }
}
