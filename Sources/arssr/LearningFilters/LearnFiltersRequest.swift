import Files
import Networks
import Training

/// Everything that the user asked of `learn-filters`, checked as far as words go.
struct LearnFiltersRequest: Sendable {
  let source: String
  let output: String
  let suffixes: [String]
  let settings: FilterLearningSettings
  let resumes: Bool
  let timeLimit: Double?
  let card: String?
  let force: Bool
  let computing: ComputingRequest

  /// The file of the state.
  var state: String { output + ".state" }
}

extension LearnFiltersRequest {
  /// Takes the options, the environment and the settings files together.
  init(_ command: LearnFilters, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    (source, output) = (command.source, command.output)
    for (argument, path) in [("<source>", source), ("<output>", output)] where path.isEmpty {
      throw Failure(.emptyPath(argument: argument))
    }
    guard output.lowercased().hasSuffix(".safetensors") else {
      throw Failure(.modelSuffix(path: output))
    }
    let suffixes: WordList? = try reader.argument("suffixes", command.data.suffixes)
    self.suffixes = suffixes?.words ?? ["T1w"]
    settings = try Self.settings(command, reader)
    let run = command.run
    resumes = run.resume
    let timeLimit: TimeLimit? = try reader.argument("time-limit", run.timeLimit)
    self.timeLimit = timeLimit?.seconds
    card = try reader.path("card", run.card)
    force = run.force
    computing = try ComputingRequest(command.computing, reader: reader)
  }

  private static func settings(
    _ command: LearnFilters, _ reader: OptionReader
  ) throws(Failure) -> FilterLearningSettings {
    var settings = FilterLearningSettings()
    let (shape, data, solver) = (command.shape, command.data, command.solver)
    let factor: FilterFactor? = try reader.argument("scale", shape.scale)
    settings.factor = factor?.count ?? 2
    let patch: OddSize? = try reader.argument("patch", shape.patch)
    settings.patch = patch?.count ?? settings.patch
    let window: OddSize? = try reader.argument("gradient-window", shape.gradientWindow)
    settings.window = window?.count ?? min(settings.window, settings.patch)
    guard settings.window <= settings.patch else {
      throw Failure(
        .conflict(
          options: ["--gradient-window \(settings.window)", "--patch \(settings.patch)"],
          reason: "a window lies within the patch; make it \(settings.patch) or less"))
    }
    let bins: BucketCounts? = try reader.argument("buckets", shape.buckets)
    settings.bins = bins?.bins ?? settings.bins
    settings.features = try reader.argument("features", shape.features) ?? settings.features
    let kind: LowResolutionKind = try reader.argument("lr", data.lr) ?? .interpolation
    settings.source = kind == .interpolation ? .interpolation : .kspace
    settings.band = kind == .kspaceThird ? .published : .factor
    settings.masksInput = data.maskLr
    if kind != .interpolation, data.maskLr {
      throw Failure(
        .conflict(
          options: ["--mask-lr", "--lr \(kind.rawValue)"],
          reason: "the published program masks interpolated LR volumes only"))
    }
    let rate: SamplingRate? = try reader.argument("sampling", data.sampling)
    settings.sampling = .random(rate: rate?.rate ?? 3)
    let seed: SeedValue? = try reader.argument("seed", data.seed)
    settings.seed = seed?.seed ?? 0
    settings.sharpens = data.sharpen
    settings.solver = try Self.solver(solver, reader)
    settings.precision = try reader.argument("precision", solver.precision) ?? settings.precision
    let pool: PoolSize? = try reader.argument("pool", solver.pool)
    settings.pool = pool?.samples ?? settings.pool
    settings.faces = try reader.argument("faces", solver.faces) ?? settings.faces
    let blend: BlendThreshold? = try reader.argument("blend", solver.blend)
    settings.blendThreshold = blend?.count
    return settings
  }

  private static func solver(
    _ options: FilterSolverOptions, _ reader: OptionReader
  ) throws(Failure) -> FilterLearningSettings.Solver {
    typealias Solver = FilterLearningSettings.Solver
    let kind: FilterSolverKind = try reader.argument("solver", options.solver) ?? .ridge
    let lambda: Regularisation? = try reader.argument("regularisation", options.regularisation)
    switch kind {
    case .ridge: return .ridge(lambda: lambda?.lambda ?? Solver.usualLambda)
    case .cg:
      guard lambda == nil else {
        throw Failure(
          .conflict(
            options: ["--solver cg", "--regularisation"],
            reason: "conjugate gradients are regularised by their early end"))
      }
      return .conjugateGradients(tolerance: Solver.publishedTolerance)
    }
  }
}
