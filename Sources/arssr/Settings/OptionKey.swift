import Checkpoints
import Degradation
import KernelInterface
import Training

/// An option that the environment or a settings file can give as well as the command line.
struct OptionKey<Value: OptionValue>: Sendable {
  /// The long name, without dashes.
  var name: String
  /// The variable of the environment that stands for it.
  var environment: String?
  /// What holds where nobody says anything, in words.
  var builtIn: String
  /// Whether results depend on it, so that sidecars record it.
  var changesResults: Bool

  init(
    _ name: String, environment: String? = nil, builtIn: String, changesResults: Bool = false
  ) {
    self.name = name
    self.environment = environment
    self.builtIn = builtIn
    self.changesResults = changesResults
  }

  /// The key without the type of its value.
  var erased: AnyOptionKey {
    AnyOptionKey(
      name: name, environment: environment, builtIn: builtIn,
      check: { text throws(OptionValueError) in _ = try Value(optionText: text) },
      optionText: Value.optionText)
  }
}

/// What a list of settings needs to know of an option.
struct AnyOptionKey: Sendable {
  var name: String
  var environment: String?
  var builtIn: String
  var check: @Sendable (String) throws(OptionValueError) -> Void
  var optionText: @Sendable (JSONValue) -> String?

  /// The key in settings files: `max-memory` is `maxMemory` there.
  var settingsKey: String {
    let words = name.split(separator: "-")
    return words.enumerated().map { position, word in
      position == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
  }
}

/// The options that can be set beforehand.
///
/// Options that name a run's own files, or that allow a file
/// to be overwritten, are for the command line only.
enum OptionCatalogue {
  static let format = OptionKey<ResultFormat>("format", builtIn: "text")
  static let progress = OptionKey<ProgressForm>(
    "progress", environment: "ARSSR_PROGRESS", builtIn: "auto")
  static let logFile = OptionKey<NameValue>("log-file", builtIn: "none")

  static let threads = OptionKey<ThreadCount>(
    "threads", environment: "ARSSR_THREADS", builtIn: "one per physical core")
  static let pin = OptionKey<SwitchValue>("pin", builtIn: "true with 2 or more threads")
  static let maxMemory = OptionKey<MemorySize>(
    "max-memory", environment: "ARSSR_MAX_MEMORY", builtIn: "80%")
  static let isa = OptionKey<InstructionSetChoice>(
    "isa", environment: "ARSSR_ISA", builtIn: "auto", changesResults: true)
  static let exact = OptionKey<SwitchValue>("exact", builtIn: "false")
  static let precision = OptionKey<Precision>(
    "precision", builtIn: Precision.float32.rawValue, changesResults: true)

  static let model = OptionKey<NameValue>(
    "model", environment: "ARSSR_MODEL", builtIn: ModelLibrary.defaultName, changesResults: true)
  static let scale = OptionKey<ScaleFactors>("scale", builtIn: "2", changesResults: true)
  static let spacing = OptionKey<TargetSpacing>("spacing", builtIn: "none", changesResults: true)
  static let isotropic = OptionKey<SwitchValue>(
    "isotropic", builtIn: "false", changesResults: true)
  static let size = OptionKey<TargetSize>("size", builtIn: "none", changesResults: true)
  static let method = OptionKey<UpsampleMethod>(
    "method", builtIn: "model", changesResults: true)
  static let outside = OptionKey<OutsideValue>("outside", builtIn: "zero", changesResults: true)
  static let background = OptionKey<BackgroundValue>(
    "background", builtIn: "keep", changesResults: true)
  static let normalisation = OptionKey<NormalisationChoice>(
    "normalisation", builtIn: "card", changesResults: true)
  static let psf = OptionKey<BlurChoice>("psf", builtIn: "the model's", changesResults: true)
  static let clip = OptionKey<ClipRange>("clip", builtIn: "none", changesResults: true)
  static let nan = OptionKey<NonFinitePolicy>("nan", builtIn: "error", changesResults: true)
  static let datatype = OptionKey<StoredType>(
    "datatype", builtIn: "float32", changesResults: true)
  static let compression = OptionKey<CompressionLevel>(
    "compression", builtIn: "1", changesResults: true)
  static let sidecar = OptionKey<SwitchValue>("sidecar", builtIn: "true")
  static let headerCompat = OptionKey<SwitchValue>(
    "header-compat", builtIn: "false", changesResults: true)
  static let tile = OptionKey<PositiveCount>("tile", builtIn: "planned")
  static let suffix = OptionKey<NameSuffix>("suffix", builtIn: NameSuffix.standard)
  static let jobs = OptionKey<PositiveCount>("jobs", builtIn: "1")

  static let repetitions = OptionKey<RepetitionCount>("repetitions", builtIn: "5")
  static let minSeconds = OptionKey<MeasuringTime>("min-seconds", builtIn: "1")

  static let data = OptionKey<NameValue>("data", builtIn: "none", changesResults: true)
  static let validate = OptionKey<NameValue>("validate", builtIn: "none", changesResults: true)
  static let validationShare = OptionKey<Share>(
    "validation-share", builtIn: "0.1", changesResults: true)
  static let suffixes = OptionKey<WordList>("suffixes", builtIn: "T1w", changesResults: true)
  static let mixSpacings = OptionKey<SwitchValue>(
    "mix-spacings", builtIn: "false", changesResults: true)
  static let preset = OptionKey<TrainingPreset>(
    "preset", builtIn: TrainingPreset.fast.rawValue, changesResults: true)
  static let steps = OptionKey<PositiveCount>(
    "steps", builtIn: "the preset's", changesResults: true)
  static let epochs = OptionKey<PositiveCount>(
    "epochs", builtIn: "the preset's", changesResults: true)
  static let patience = OptionKey<PositiveCount>("patience", builtIn: "none", changesResults: true)
  static let keep = OptionKey<KeptCount>("keep", builtIn: "0")
  static let timeLimit = OptionKey<TimeLimit>("time-limit", builtIn: "none")
  static let seed = OptionKey<SeedValue>("seed", builtIn: "0", changesResults: true)
  static let initialModel = OptionKey<NameValue>("init", builtIn: "none", changesResults: true)
  static let card = OptionKey<NameValue>("card", builtIn: "none", changesResults: true)
  static let encoder = OptionKey<EncoderChoice>(
    "encoder", builtIn: "the preset's", changesResults: true)
  static let width = OptionKey<LayerSize>(
    "width", builtIn: "the preset's", changesResults: true)
  static let blocks = OptionKey<LayerSize>(
    "blocks", builtIn: "the preset's", changesResults: true)
  static let featureDim = OptionKey<LayerSize>(
    "feature-dim", builtIn: "the preset's", changesResults: true)
  static let decoderWidth = OptionKey<LayerSize>(
    "decoder-width", builtIn: "the preset's", changesResults: true)
  static let decoderDepth = OptionKey<DecoderDepth>(
    "decoder-depth", builtIn: "the preset's", changesResults: true)
  static let batch = OptionKey<LayerSize>(
    "batch", builtIn: "the preset's", changesResults: true)
  static let patch = OptionKey<PatchSize>(
    "patch", builtIn: "the preset's", changesResults: true)
  static let samples = OptionKey<SampleCount>(
    "samples", builtIn: "the preset's", changesResults: true)
  static let scales = OptionKey<ScaleRange>(
    "scales", builtIn: "the preset's", changesResults: true)
  static let condition = OptionKey<ConditionChoice>(
    "condition", builtIn: "the preset's", changesResults: true)
  static let learningRate = OptionKey<LearningRate>(
    "learning-rate", builtIn: "the preset's", changesResults: true)
  static let schedule = OptionKey<ScheduleChoice>(
    "schedule", builtIn: "the preset's", changesResults: true)
  static let warmUp = OptionKey<WarmUpCount>(
    "warm-up", builtIn: "the preset's", changesResults: true)
  static let weightDecay = OptionKey<WeightDecay>(
    "weight-decay", builtIn: "0", changesResults: true)
  static let operators = OptionKey<OperatorWeights>(
    "operators", builtIn: "the preset's", changesResults: true)
  static let blur = OptionKey<BlurRange>("blur", builtIn: "the preset's", changesResults: true)
  static let oneAxis = OptionKey<Share>("one-axis", builtIn: "the preset's", changesResults: true)
  static let perAxis = OptionKey<Share>("per-axis", builtIn: "0", changesResults: true)
  static let noise = OptionKey<NoiseShare>("noise", builtIn: "the preset's", changesResults: true)
  static let noiseKind = OptionKey<NoiseModel.Kind>(
    "noise-kind", builtIn: "the preset's", changesResults: true)
  static let brightness = OptionKey<Variation>(
    "brightness", builtIn: "the preset's", changesResults: true)
  static let gamma = OptionKey<Variation>("gamma", builtIn: "0", changesResults: true)
  static let mirrors = OptionKey<SwitchValue>(
    "mirrors", builtIn: "the preset's", changesResults: true)
  static let weights = OptionKey<WeightsChoice>(
    "weights", builtIn: WeightsChoice.one.rawValue, changesResults: true)
  static let arch = OptionKey<ArchitectureChoice>(
    "arch", builtIn: ArchitectureChoice.arssr.rawValue, changesResults: true)
  static let layers = OptionKey<RelatedDepth>(
    "layers", builtIn: "as published", changesResults: true)
  static let kernel = OptionKey<PositiveCount>(
    "kernel", builtIn: "as published", changesResults: true)
  static let factors = OptionKey<FactorList>("factors", builtIn: "2", changesResults: true)
  static let sigma = OptionKey<Sigma>("sigma", builtIn: "as published", changesResults: true)
  static let fwhm = OptionKey<FullWidth>("fwhm", builtIn: "none", changesResults: true)
  static let loss = OptionKey<ImageLoss>("loss", builtIn: "as published", changesResults: true)
  static let guideSuffix = OptionKey<WordList>(
    "guide-suffix", builtIn: "T2w", changesResults: true)
  static let patches = OptionKey<PositiveCount>("patches", builtIn: "all", changesResults: true)
  static let optimiser = OptionKey<OptimiserChoice>(
    "optimiser", builtIn: "as published", changesResults: true)
  static let residual = OptionKey<SwitchValue>(
    "residual", builtIn: "false", changesResults: true)
  static let start = OptionKey<StartChoice>(
    "start", builtIn: StartChoice.published.rawValue, changesResults: true)
  static let validateEvery = OptionKey<PositiveCount>(
    "validate-every", builtIn: "1000", changesResults: true)

  /// Options of every command.
  static let common: [AnyOptionKey] = [format.erased, progress.erased, logFile.erased]

  /// Options of `upsample` beside the common ones.
  static let upsample: [AnyOptionKey] = [
    threads.erased, pin.erased, maxMemory.erased, isa.erased, exact.erased, precision.erased,
    model.erased, scale.erased, spacing.erased, isotropic.erased, size.erased, method.erased,
    outside.erased, background.erased, normalisation.erased, psf.erased, clip.erased, nan.erased,
    datatype.erased, compression.erased, sidecar.erased, headerCompat.erased, tile.erased,
    suffix.erased, jobs.erased,
  ]

  /// Options of `degrade` beside the common ones.
  static let degrade: [AnyOptionKey] = [
    threads.erased, pin.erased, maxMemory.erased, nan.erased, datatype.erased, compression.erased,
    sidecar.erased,
  ]

  /// Options of `learn-filters` beside the common ones.
  static let learnFilters: [AnyOptionKey] = [
    threads.erased, pin.erased, maxMemory.erased, isa.erased,
  ]

  /// Options of `evaluate` beside the common ones.
  static let evaluate: [AnyOptionKey] = [
    threads.erased, pin.erased, maxMemory.erased, isa.erased, exact.erased, precision.erased,
    nan.erased,
  ]

  /// Options of `report` beside the common ones.
  static let report: [AnyOptionKey] = [
    threads.erased, pin.erased, maxMemory.erased, nan.erased,
  ]

  /// Options of `bench` beside the common ones.
  static let bench: [AnyOptionKey] = [
    threads.erased, pin.erased, maxMemory.erased, isa.erased, exact.erased, model.erased,
    repetitions.erased, minSeconds.erased,
  ]

  /// Options of `train` beside the common ones.
  static let train: [AnyOptionKey] = [
    threads.erased, pin.erased, maxMemory.erased, isa.erased, data.erased, validate.erased,
    validationShare.erased, suffixes.erased, mixSpacings.erased, preset.erased, steps.erased,
    epochs.erased, patience.erased, keep.erased, timeLimit.erased, seed.erased,
    initialModel.erased, card.erased, encoder.erased, width.erased, blocks.erased,
    featureDim.erased, decoderWidth.erased, decoderDepth.erased, condition.erased, weights.erased,
    batch.erased,
    patch.erased, samples.erased, scales.erased, learningRate.erased, precision.erased,
    validateEvery.erased, arch.erased, layers.erased, kernel.erased, factors.erased,
    sigma.erased, loss.erased, guideSuffix.erased, patches.erased, optimiser.erased,
    residual.erased, start.erased, normalisation.erased, fwhm.erased, schedule.erased,
    warmUp.erased, weightDecay.erased, operators.erased, blur.erased, oneAxis.erased,
    perAxis.erased, noise.erased, noiseKind.erased, brightness.erased, gamma.erased,
    mirrors.erased,
  ]
}
