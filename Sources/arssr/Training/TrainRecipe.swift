import Checkpoints
import Networks
import Training

/// Everything that a training's numbers depend on but its volumes: the preset with what was asked
/// in its place.
struct TrainRecipe: Sendable {
  let preset: TrainingPreset
  let configuration: ArSSRConfiguration
  let variants: ArSSRVariants
  let data: DataSettings
  let trainer: TrainerSettings
  let steps: Int
  let validateEvery: Int
  let seed: UInt64
  /// The model whose weights come first, and its checksum.
  let initial: LoadedModel?

  /// Joins request and preset.
  ///
  /// - Parameters:
  ///   - request: What was asked for.
  ///   - initial: The model of `--init`.
  ///   - volumes: How many there are to train on.
  ///   - edge: The longest edge of their voxels in millimetres.
  /// - Throws: If the model of `--init` cannot be trained on.
  init(
    _ request: TrainRequest, initial: LoadedModel?, volumes: Int, edge: Double
  )
    throws(Failure)
  {
    preset = request.preset
    self.initial = initial
    seed = request.seed
    validateEvery = request.validateEvery
    var variants = initial?.network.variants ?? request.preset.variants
    variants.normalisation = TrainingPreset.normalisation
    if let condition = request.condition {
      try Self.setCondition(condition, in: &variants, of: initial)
    }
    if let weights = request.weights {
      let drawn = try Self.data(request, variants)
      variants.blend = weights == .one ? nil : variants.blend ?? drawn.blend(edge: edge)
    }
    guard variants.residual != .trilinear else {
      throw Failure(
        .optionValue(
          option: "--init", value: initial?.name ?? "",
          reason: "adds to linear interpolation, which is not trained here; take a model that adds "
            + "to cubic interpolation or to nothing"))
    }
    self.variants = variants
    configuration =
      initial?.network.configuration
      ?? Self.configuration(request, extraInputs: variants.extraInputs)
    let data = try Self.data(request, variants)
    self.data = data
    let stepsPerEpoch = TrainingPreset.stepsPerEpoch(volumes: volumes, batch: data.batch)
    let steps: Int
    switch request.length {
    case .steps(let count): steps = count
    case .epochs(let count): steps = count * stepsPerEpoch
    case nil: steps = request.preset.steps(stepsPerEpoch: stepsPerEpoch)
    }
    self.steps = steps
    var trainer = request.preset.trainer(stepsPerEpoch: stepsPerEpoch)
    if request.preset == .fast {
      // Adam's move of a unit grows with its inputs: wide encoders collapse at the small one's rate. At the
      // whole rate one start in four of the small one died too, on volumes without their blur.
      trainer.schedule.rate *= min(0.5, 16 / Double(configuration.width))
    }
    if let rate = request.learningRate { trainer.schedule.rate = rate }
    trainer.precision = request.precision
    let asked = request.optimisation
    if let schedule = asked.schedule {
      trainer.schedule.decay = schedule.decay(stepsPerEpoch: stepsPerEpoch)
    }
    trainer.schedule.warmUp = min(asked.warmUp ?? trainer.schedule.warmUp, steps / 10)
    trainer.adam.weightDecay = asked.weightDecay ?? trainer.adam.weightDecay
    if let loss = request.loss { trainer.loss = try Self.loss(loss) }
    self.trainer = trainer
  }

  /// The loss at points.
  ///
  /// - Throws: For the one that is made for patches of Caffe's networks.
  private static func loss(_ choice: ImageLoss) throws(Failure) -> Loss {
    switch choice {
    case .l1: return .l1
    case .l2: return .l2
    case .caffe:
      throw Failure(
        .conflict(
          options: ["--loss caffe"], reason: "has a meaning only with --arch srrecnn3d and others"))
    }
  }

  /// Takes the condition that was asked for in place of the preset's or the model's.
  ///
  /// - Throws: If the model's decoder has no input to spare for it, or one too many.
  private static func setCondition(
    _ choice: ConditionChoice, in variants: inout ArSSRVariants, of initial: LoadedModel?
  ) throws(Failure) {
    guard choice != ConditionChoice(variants.condition) else { return }
    let inputs = variants.extraInputs
    variants.condition = choice.condition
    variants.blend = nil
    guard let initial, variants.extraInputs != inputs else { return }
    throw Failure(
      .optionValue(
        option: "--condition", value: choice.rawValue,
        reason: "\(initial.name) has \(inputs) decoder inputs beside its features, and "
          + "\(variants.extraInputs) are needed"))
  }

  private static func configuration(
    _ request: TrainRequest, extraInputs: Int
  ) -> ArSSRConfiguration {
    let sizes = request.sizes
    var configuration = request.preset.configuration(sizes.encoder)
    configuration.extraInputs = extraInputs
    if let width = sizes.width {
      configuration.width = width
      configuration.growth = width
    }
    configuration.blocks = sizes.blocks ?? configuration.blocks
    configuration.featureChannels = sizes.featureDim ?? configuration.featureChannels
    configuration.decoderWidth = sizes.decoderWidth ?? configuration.decoderWidth
    configuration.decoderDepth = sizes.decoderDepth ?? configuration.decoderDepth
    return configuration
  }

  private static func data(
    _ request: TrainRequest, _ variants: ArSSRVariants
  ) throws(Failure) -> DataSettings {
    var data = request.preset.data(for: variants.condition)
    data.batch = request.batch ?? data.batch
    data.patch = request.patch ?? data.patch
    data.scales = request.scales ?? data.scales
    data.hasBase = variants.residual != .none
    data.sharesVolume = variants.blend != nil
    if let samples = request.samples {
      switch data.points {
      case .grid:
        let rows = (1...100).last { $0 * $0 * $0 <= samples } ?? 1
        data.points = .grid(rows: rows)
      case .scattered: data.points = .scattered(samples)
      }
    }
    try request.drawing.apply(to: &data)
    return data
  }

  /// Where the weights begin.
  ///
  /// A model whose condition becomes another forgets what it was told: it begins as it was at 0.
  var tensors: [Tensor] {
    guard let initial else {
      return preset.initialisation.tensors(configuration, seed: seed)
    }
    let tensors = initial.checkpoint.tensors
    let known = ConditionChoice(initial.network.variants.condition)
    return known == ConditionChoice(variants.condition)
      ? tensors : Initialisation.withoutCondition(tensors, configuration)
  }

  /// Query points of a patch.
  var samples: Int {
    switch data.points {
    case .grid(let rows): rows * rows * rows
    case .scattered(let count): count
    }
  }

  /// The range as `--scales` takes it.
  var scalesText: String {
    "\(NumberText.text(data.scales.lowerBound))..\(NumberText.text(data.scales.upperBound))"
  }

  /// What was decided, by options: the settings of the run, and what a resumed one is held to.
  var members: [(key: AnyOptionKey, value: JSON)] {
    guard let initial else { return describing }
    let sizes = Set(sizes.map(\.key.name))
    return describing.filter { !sizes.contains($0.key.name) }
      + [(OptionCatalogue.initialModel.erased, .string(initial.path))]
  }

  private var sizes: [(key: AnyOptionKey, value: JSON)] {
    [
      (
        OptionCatalogue.encoder.erased,
        .string(EncoderChoice(configuration.encoder).rawValue)
      ),
      (OptionCatalogue.width.erased, .integer(configuration.width)),
      (OptionCatalogue.blocks.erased, .integer(configuration.blocks)),
      (OptionCatalogue.featureDim.erased, .integer(configuration.featureChannels)),
      (OptionCatalogue.decoderWidth.erased, .integer(configuration.decoderWidth)),
      (OptionCatalogue.decoderDepth.erased, .integer(configuration.decoderDepth)),
    ]
  }

  /// The same without the names of files, for the model's card.
  var describing: [(key: AnyOptionKey, value: JSON)] {
    [(OptionCatalogue.preset.erased, .string(preset.rawValue))] + sizes + [
      (OptionCatalogue.steps.erased, .integer(steps)),
      (OptionCatalogue.seed.erased, .string("\(seed)")),
      (OptionCatalogue.validateEvery.erased, .integer(validateEvery)),
      (
        OptionCatalogue.condition.erased,
        .string(ConditionChoice(variants.condition).rawValue)
      ),
      (
        OptionCatalogue.weights.erased,
        .string((variants.blend == nil ? WeightsChoice.one : .blended).rawValue)
      ),
      (OptionCatalogue.batch.erased, .integer(data.batch)),
      (OptionCatalogue.patch.erased, .integer(data.patch)),
      (OptionCatalogue.samples.erased, .integer(samples)),
      (OptionCatalogue.scales.erased, .string(scalesText)),
      (OptionCatalogue.loss.erased, .string(trainer.loss.rawValue)),
      (OptionCatalogue.learningRate.erased, .number(trainer.schedule.rate)),
      (
        OptionCatalogue.schedule.erased,
        .string(ScheduleChoice(trainer.schedule.decay).rawValue)
      ),
      (OptionCatalogue.warmUp.erased, .integer(trainer.schedule.warmUp)),
      (OptionCatalogue.weightDecay.erased, .number(trainer.adam.weightDecay)),
      (OptionCatalogue.precision.erased, .string(trainer.precision.rawValue)),
    ] + data.members
  }
}
