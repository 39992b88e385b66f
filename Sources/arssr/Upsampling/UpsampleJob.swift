import Files
import FusedInference
import Volumes
import Workers

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
    return try session.reportingFailure({
      UpsampleReport.failed(request, $0, warnings: console.warnings)
    }) { () throws(Failure) in
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
    try VolumeInput.checkExistence(inputPaths(modelPath))
    let machine = try Machine(request.computing, console: console)
    let input = try VolumeInput(path: request.input, limit: machine.memoryLimit)
    let frames = try input.frames(request.frames)
    let model = try modelPath.map { path throws(Failure) in try DescribedModel(path: path) }
    model?.notices.forEach(console.warn)
    try model?.check(request)
    let target = try target(for: input, model)
    let mask = try request.mask.map { path throws(Failure) in
      try AuxiliaryVolumes.mask(of: path, over: input.header.grid, console: console)
    }
    let guide = try guide(for: model, on: target.grid, machine)
    let blur = inputBlur(of: input)
    var result = input.header.output(grid: target.grid, frames: frames.count, description: [])
    result.voxelType = request.file.voxelType(for: input.header.voxelType)
    let refinement = try RefinementPlan(
      request.refinement, input: input.header.grid, target: target.grid,
      modelBlur: model.flatMap { $0.blur(given: blur?.blur) })
    let held = try HeldMemory(
      request.file, machine: machine, header: result, refinement: refinement)
    let engine = try UpsampleEngine(
      request: request, model: model, blur: blur?.blur, inputSize: input.header.grid.size,
      sampling: target.sampling, mask: mask, machine: machine, held: held,
      holdsResult: result.voxelType.isInteger)
    let prepared = PreparedUpsampling(
      request: request, machine: machine, input: input, frames: frames, target: target, mask: mask,
      guide: guide, blur: blur, engine: engine,
      ensemble: try engine.ensemble(
        request, blur: blur?.blur, grid: input.header.grid, sampling: target.sampling,
        machine: machine, held: held),
      refinement: refinement, console: console)
    prepared.warnOfScale()
    if let model, let notice = DegradationCheck(model, of: input).notice { console.warn(notice) }
    if request.dryRun {
      try request.file.checkFiles(prepared.outputHeader(), console)
      try request.refinement.uncertainty?.checkFiles(prepared.uncertaintyHeader(), console)
    }
    return prepared
  }

  /// The blur asked for, or what the sidecar tells of it; nil for the model's default.
  private func inputBlur(of input: VolumeInput) -> StatedBlur? {
    guard let choice = request.blur else { return nil }
    switch choice {
    case .uniform(let width): return StatedBlur(blur: .uniform(width))
    case .perAxis(let widths): return StatedBlur(blur: .perAxis(widths))
    case .automatic:
      let stated = AcquisitionBlur(of: input).stated
      if let notice = stated.notice { console.warn(notice) }
      return stated
    }
  }

  private func inputPaths(
    _ modelPath: String?
  ) -> [(path: String, kind: ExitStatus.Subject)] {
    var paths = [(path: request.input, kind: ExitStatus.Subject.volume)]
    if case .like(let path) = request.target { paths.append((path, .volume)) }
    for path in [request.mask, request.guide] {
      if let path { paths.append((path, .volume)) }
    }
    if let modelPath { paths.append((modelPath, .model)) }
    return paths
  }

  /// The image of another contrast, where the model takes one.
  private func guide(
    for model: DescribedModel?, on grid: Grid, _ machine: Machine
  ) throws(Failure) -> GuideImage? {
    guard let model, let path = request.guide else { return nil }
    return try GuideVolume.read(
      path, on: grid, resamples: request.guideResample,
      normalisation: request.normalisation(of: model), pool: machine.pool, console: console)
  }

  private func target(
    for input: VolumeInput, _ model: DescribedModel?
  ) throws(Failure) -> SamplingPlan {
    let grid = input.header.grid
    let placement: HeaderPlacement = request.headerCompat ? .published : .fieldOfView
    let wish: TargetRequest
    switch request.target {
    case .request(let request): wish = request
    case .like(let path): wish = .like(try AuxiliaryVolumes.grid(of: path, console: console))
    }
    do throws(GridError) {
      let plan =
        if let model {
          try model.target(
            wish, isDefault: request.hasDefaultTarget, of: grid, placement: placement)
        } else {
          try grid.target(wish, placement: placement)
        }
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

  // MARK: - Work

  private func compute(_ prepared: PreparedUpsampling) throws(Failure) -> UpsampleOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let output = try VolumeOutput(
      request.file, header: prepared.outputHeader(), input: prepared.input,
      pool: prepared.machine.pool, burst: prepared.burst)
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
        let intensity = try prepared.intensity(of: volume)
        outcome.intensities.append(intensity)
        guard let refinement = prepared.refinement else {
          let timings = try prepared.engine.run(
            volume, request: request, intensity: intensity, mask: prepared.mask,
            guide: prepared.guide, machine: prepared.machine,
            monitor: ticker.monitor(ofJob: number),
            sink: output.append)
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
    try uncertainty?.commit { "" }
    let sidecar = Sidecar(prepared, outcome, output)
    try output.commit { sidecar.json.document }
    if let report, let shown {
      try UpsamplePage(prepared, sidecar: sidecar).write(shown, to: report)
    }
    outcome.seconds.write += (clock.now - finishing).seconds
    outcome.seconds.total = (clock.now - start).seconds
    output.warnOfSaturation(console)
    console.report(outcome, of: prepared)
    return outcome
  }
}
