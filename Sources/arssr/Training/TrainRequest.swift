import KernelInterface
import Networks
import Training

/// Everything that the user asked of `train`, checked as far as words go.
struct TrainRequest: Sendable {
  let folder: TrainFolder
  let data: String
  let validate: String?
  let validationShare: Double
  let suffixes: [String]
  let mixesSpacings: Bool
  let preset: TrainingPreset
  let length: Length?
  let patience: Int?
  let keep: Int
  let timeLimit: Double?
  let seed: UInt64
  let resumes: Bool
  let initialModel: String?
  let validateEvery: Int
  let card: String?
  let isDryRun: Bool
  let force: Bool
  let sizes: Sizes
  let batch: Int?
  let patch: Int?
  let samples: Int?
  let scales: ClosedRange<Double>?
  let learningRate: Double?
  let optimisation: Optimisation
  let drawing: DrawingRequest
  let loss: ImageLoss?
  let condition: ConditionChoice?
  let weights: WeightsChoice?
  let precision: Precision
  let computing: ComputingRequest
  /// What is asked of a related network; nil: one of the ArSSR family is trained.
  let related: ImageRequest?

  /// How long a training is.
  enum Length: Sendable {
    case steps(Int)
    case epochs(Int)
  }

  /// What was asked of the optimiser beside its rate; nil: the preset's.
  struct Optimisation: Sendable {
    let schedule: ScheduleChoice?
    let warmUp: Int?
    let weightDecay: Double?
  }

  /// Sizes that were asked for; nil: the preset's.
  struct Sizes: Sendable {
    let encoder: EncoderKind?
    let width: Int?
    let blocks: Int?
    let featureDim: Int?
    let decoderWidth: Int?
    let decoderDepth: Int?

    var areGiven: Bool {
      encoder != nil
        || [width, blocks, featureDim, decoderWidth, decoderDepth].contains { $0 != nil }
    }
  }
}

extension TrainRequest {
  /// Takes the options, the environment and the settings files together.
  init(_ command: Train, folder: TrainFolder, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    let (run, steps) = (command.run, command.steps)
    self.folder = folder
    guard let data = try reader.value(OptionCatalogue.data, command.data.data) else {
      throw Failure(.missingArgument("--data <source>"))
    }
    self.data = data.text
    validate = try reader.value(OptionCatalogue.validate, command.data.validate)?.text
    let share = try reader.value(OptionCatalogue.validationShare, command.data.validationShare)
    if validate != nil, command.data.validationShare != nil {
      throw Failure(
        .conflict(
          options: ["--validate", "--validation-share"],
          reason: "validation volumes are named or a share, not both"))
    }
    validationShare = share?.number ?? 0.1
    suffixes =
      try reader.value(OptionCatalogue.suffixes, command.data.suffixes)?.words ?? ["T1w"]
    mixesSpacings =
      try reader.value(
        OptionCatalogue.mixSpacings, command.data.mixSpacings ? "true" : nil)?.isOn ?? false
    preset = try reader.value(OptionCatalogue.preset, run.preset) ?? .fast
    length = try Self.length(run, reader)
    patience = try reader.value(OptionCatalogue.patience, run.patience)?.count
    keep = try reader.value(OptionCatalogue.keep, run.keep)?.count ?? 0
    timeLimit = try reader.value(OptionCatalogue.timeLimit, run.timeLimit)?.seconds
    seed = try reader.value(OptionCatalogue.seed, run.seed)?.seed ?? 0
    resumes = run.resume
    initialModel = try reader.value(OptionCatalogue.initialModel, run.`init`)?.text
    validateEvery =
      try reader.value(OptionCatalogue.validateEvery, run.validateEvery)?.count ?? 1000
    card = try reader.value(OptionCatalogue.card, run.card)?.text
    isDryRun = run.dryRun
    force = run.force
    if resumes, force {
      throw Failure(
        .conflict(
          options: ["--resume", "--force"], reason: "go on with the training, or replace it"))
    }
    sizes = try Sizes(command.network, reader)
    batch = try reader.value(OptionCatalogue.batch, steps.batch)?.count
    patch = try reader.value(OptionCatalogue.patch, steps.patch)?.count
    samples = try reader.value(OptionCatalogue.samples, steps.samples)?.count
    scales = try reader.value(OptionCatalogue.scales, steps.scales)?.range
    learningRate = try reader.value(OptionCatalogue.learningRate, steps.learningRate)?.number
    optimisation = Optimisation(
      schedule: try reader.value(OptionCatalogue.schedule, steps.schedule),
      warmUp: try reader.value(OptionCatalogue.warmUp, steps.warmUp)?.count,
      weightDecay: try reader.value(OptionCatalogue.weightDecay, steps.weightDecay)?.number)
    drawing = try DrawingRequest(command.drawing, reader, of: preset)
    loss = try reader.value(OptionCatalogue.loss, steps.loss)
    condition = try reader.value(OptionCatalogue.condition, command.network.condition)
    weights = try reader.value(OptionCatalogue.weights, command.network.weights)
    if preset == .paper, weights == .blended {
      throw Failure(
        .conflict(
          options: ["--preset paper", "--weights blended"],
          reason: "that preset trains the published network, whose weights are the same for all"))
    }
    precision = try reader.value(OptionCatalogue.precision, steps.precision) ?? .float32
    computing = try ComputingRequest(command.computing, reader: reader)
    related = try ImageRequest(command, reader)
    if initialModel != nil, sizes.areGiven, !resumes, related == nil {
      throw Failure(
        .conflict(
          options: ["--init", "--encoder, --width, ..."],
          reason: "the model's own sizes hold; leave the others out"))
    }
  }
}

extension TrainRequest {
  private static func length(
    _ run: TrainRunOptions, _ reader: OptionReader
  ) throws(Failure) -> Length? {
    if run.steps != nil, run.epochs != nil {
      throw Failure(
        .conflict(options: ["--steps", "--epochs"], reason: "give the length once"))
    }
    // What is typed comes before what a settings file says in the other unit.
    if run.steps == nil, let epochs = try reader.value(OptionCatalogue.epochs, run.epochs) {
      return .epochs(epochs.count)
    }
    return try reader.value(OptionCatalogue.steps, run.steps).map { .steps($0.count) }
  }
}

extension TrainRequest.Sizes {
  fileprivate init(
    _ options: TrainNetworkOptions, _ reader: OptionReader
  ) throws(Failure) {
    encoder = try reader.value(OptionCatalogue.encoder, options.encoder)?.kind
    width = try reader.value(OptionCatalogue.width, options.width)?.count
    blocks = try reader.value(OptionCatalogue.blocks, options.blocks)?.count
    featureDim = try reader.value(OptionCatalogue.featureDim, options.featureDim)?.count
    decoderWidth = try reader.value(OptionCatalogue.decoderWidth, options.decoderWidth)?.count
    decoderDepth = try reader.value(OptionCatalogue.decoderDepth, options.decoderDepth)?.count
  }
}
