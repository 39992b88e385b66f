import Files
import FusedInference
import Networks
import Volumes

/// The checks of one volume, in the order of the rules for messages.
///
/// Usage was checked before; here come existence and permission of every input, then their headers,
/// then the plan, then the voxels of mask and guide, for which it has room. The output is opened by
/// ``UpsampleComputation``, and looked at here for a dry run.
struct UpsamplePreparation {
  let request: UpsampleRequest
  let console: Console

  /// - Throws: If a file is not there, or none that can be read.
  ///
  /// - Parameter modelPath: The model's file; nil for an interpolation.
  func checkExistence(modelPath: String?) throws(Failure) {
    var paths = [(path: request.input, kind: ExitStatus.Subject.volume)]
    paths += request.otherInputs.reversed().map { ($0.path, .volume) }
    if let modelPath { paths.append((modelPath, .model)) }
    try VolumeInput.checkExistence(paths)
  }

  /// Checks everything that can be known before voxels are computed.
  ///
  /// - Parameters:
  ///   - machine: What to compute with.
  ///   - model: Gives the model once the input is known to be in order; nil for an interpolation.
  /// - Returns: The plan and all that belongs to it.
  /// - Throws: Why the run is refused.
  func run(
    machine: Machine, model: () throws(Failure) -> PackedModel?
  ) throws(Failure) -> PreparedUpsampling {
    let input = try VolumeInput(path: request.input, limit: machine.memoryLimit)
    let frames = try input.frames(request.frames)
    let model = try model()
    model?.described.notices.forEach(console.warn)
    try Failure.of { () throws(InferenceError) in
      try model?.described.network.check(request.networkOptions)
    }
    let target = try target(for: input, model?.described.network)
    let mask = try request.mask.map { path throws(Failure) in
      try AuxiliaryInput(mask: path, over: input.header.grid)
    }
    let guide = try guideInput(for: model?.described, on: target.grid)
    let blur = inputBlur(of: input)
    var result = input.header.output(grid: target.grid, frames: frames.count, description: [])
    result.voxelType = request.file.voxelType(for: input.header.voxelType)
    let refinement = try RefinementPlan(
      request.refinement, input: input.header.grid, target: target.grid,
      modelBlur: model.flatMap { $0.described.network.blur(given: blur?.blur) })
    let held = try HeldMemory(
      request.file, machine: machine, input: input, mask: mask,
      guideBytes: guide.map { GuideImage.peakBytes(of: $0.grid, on: target.grid) } ?? 0,
      header: result, refinement: refinement)
    let engine = try UpsampleEngine(
      request: request, model: model, blur: blur?.blur, grid: input.header.grid,
      sampling: target.sampling, machine: machine, held: held,
      holdsResult: result.voxelType.isInteger)
    let ensemble = try ensemble(
      of: model, blur: blur?.blur, grid: input.header.grid, sampling: target.sampling,
      machine: machine, held: held)
    let prepared = PreparedUpsampling(
      request: request, machine: machine, input: input, frames: frames, target: target,
      mask: try mask?.mask(console: console),
      guide: try image(of: guide, for: model?.described, on: target.grid, machine), blur: blur,
      engine: engine, ensemble: ensemble, refinement: refinement, console: console)
    prepared.warnOfScale()
    if request.separateTile != nil {
      console.warn(
        Notice(
          code: "usage.value", subject: "--tile-compat",
          message: "tiles are computed each by itself, as the published program does, which leaves "
            + "seams; use it for comparison only"))
    }
    if let model, let notice = DegradationCheck(model.described, of: input).notice {
      console.warn(notice)
    }
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

  /// The runs of a self-ensemble; nil where none was asked for.
  private func ensemble(
    of model: PackedModel?, blur: InputBlur?, grid: Grid, sampling: Sampling, machine: Machine,
    held: HeldMemory
  ) throws(Failure) -> UpsampleEnsemble? {
    guard let model, request.refinement.isEnsemble else { return nil }
    return try Failure.of { () throws(InferenceError) in
      try UpsampleEnsemble(
        model.upsampler, permutes: request.refinement.permutes, grid: grid, sampling: sampling,
        options: Upsampler.Options(
          memoryLimit: machine.memoryLimit, held: held, blur: blur, spacing: grid.spacing,
          tile: request.tile, output: OutputSettings(background: request.background.setting)))
    }
  }

  /// The file of another contrast, where the model takes one.
  private func guideInput(
    for model: DescribedModel?, on grid: Grid
  ) throws(Failure) -> AuxiliaryInput? {
    guard model != nil, let path = request.guide else { return nil }
    let input = try AuxiliaryInput(path: path)
    try Failure.of(at: path) { () throws(InferenceError) in
      try GuideImage.checkPlace(of: input.grid, on: grid, resamples: request.guideResample)
    }
    return input
  }

  /// The image of another contrast.
  private func image(
    of guide: AuxiliaryInput?, for model: DescribedModel?, on grid: Grid, _ machine: Machine
  ) throws(Failure) -> GuideImage? {
    guard let model, let guide else { return nil }
    let volume = try guide.volume(console: console)
    let image = try Failure.of(at: guide.path) { () throws(InferenceError) in
      try GuideImage(
        volume, on: grid, resamples: request.guideResample,
        normalisation: request.normalisation(of: model), pool: machine.pool)
    }
    if let notice = image.notice(subject: guide.path) { console.warn(notice) }
    return image
  }

  private func target(
    for input: VolumeInput, _ network: Network?
  ) throws(Failure) -> SamplingPlan {
    let grid = input.header.grid
    let placement: HeaderPlacement = request.headerCompat ? .published : .fieldOfView
    let wish: TargetRequest
    switch request.target {
    case .request(let request): wish = request
    case .like(let path): wish = .like(try AuxiliaryInput.grid(of: path, console: console))
    }
    do throws(GridError) {
      let plan =
        if let network {
          try network.target(
            request.hasDefaultTarget ? nil : wish, of: grid, placement: placement)
        } else {
          try grid.target(wish, placement: placement)
        }
      plan.notices.forEach(console.warn)
      return plan
    } catch {
      guard case .like(let path) = request.target else { throw Failure(error) }
      throw Failure(error).or(at: path)
    }
  }
}
