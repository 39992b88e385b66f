import Files
import MessagePassing
import Networks
import Training

/// A training whose checks have passed: volumes in memory, recipe, boxes to validate with.
struct PreparedTraining: PreparedRun {
  let machine: Machine
  let volumes: TrainVolumes
  let recipe: TrainRecipe
  let boxes: ValidationBoxes
  let source: BatchSource
  let card: [String: String]

  /// Checks existence, then content, then what the recipe asks of it.
  init(_ request: TrainRequest, _ console: Console) throws(Failure) {
    if !request.resumes { try request.folder.checkIsFree(force: request.force) }
    card = try TrainCard.read(request)
    let initial = try request.initialModel.map { name throws(Failure) in
      try LoadedModel(path: ModelLibrary.path(of: name))
    }
    let machine = try Machine(request.computing, console: console)
    let volumes = try TrainVolumes(request, machine: machine, console: console)
    let recipe = try TrainRecipe(
      request, initial: initial, volumes: volumes.training.all.count,
      edge: volumes.training.all[0].spacing.max())
    let needed = volumes.peakBytes(recipe.data)
    guard needed <= machine.memoryLimit else {
      throw Failure(.trainingMemory(needed: needed, limit: machine.memoryLimit))
    }
    (source, boxes) = try Failure.of { () throws(TrainingDataError) in
      (
        try BatchSource(volumes.training, settings: recipe.data, seed: recipe.seed),
        try ValidationBoxes(volumes.validation, settings: recipe.data, pool: machine.pool)
      )
    }
    self.machine = machine
    self.volumes = volumes
    self.recipe = recipe
    volumes.warn(request, unscored: boxes.unscored, isScored: !boxes.isEmpty, console)
  }

  var steps: Int { recipe.steps }
  var validateEvery: Int { recipe.validateEvery }
  var members: [(key: AnyOptionKey, value: JSON)] { recipe.members }
  var membersAreComplete: Bool { true }

  var membersBefore: [String: JSON] {
    let weights = [OptionCatalogue.weights.name: JSON.string(WeightsChoice.one.rawValue)]
    guard recipe.preset == .fast, recipe.initial == nil else { return weights }
    return weights.merging(
      [OptionCatalogue.condition.name: .string(ConditionChoice.psf.rawValue)]) { old, _ in old }
  }

  func check(_ group: ProcessGroup) throws(Failure) {
    let batch = recipe.data.batch
    guard batch < group.count else { return }
    throw Failure(
      .optionValue(
        option: "--batch", value: "\(batch)",
        reason: "fewer patches than processes (\(group.count)); each needs one"))
  }

  func subject(_ group: ProcessGroup) throws(Failure) -> any TrainSubject {
    try ArSSRSubject(self, group)
  }

  /// `9 volumes and 1 to validate with, arssr/SRResnet 16 x 8, 30000 steps, 2 threads, avx512`.
  func summary(_ group: ProcessGroup) -> String {
    let processes = group.count > 1 ? "\(group.count) processes with " : ""
    return "\(volumes.training.all.count) volumes and \(volumes.validation.count) to validate "
      + "with, \(network), \(recipe.steps) steps, "
      + "\(processes)\(counted(machine.pool.workerCount, "thread")), \(machine.instructionSet)"
  }

  private var network: String {
    let configuration = recipe.configuration
    return "arssr/\(configuration.encoder.rawValue) \(configuration.width) x "
      + "\(configuration.blocks)"
  }

  var summaryMembers: [(key: String, value: JSON)] {
    [
      ("volumes", .integer(volumes.training.all.count)),
      ("validationVolumes", .integer(volumes.validation.count)),
      ("steps", .integer(recipe.steps)), ("threads", .integer(machine.pool.workerCount)),
    ]
  }

  /// What `--dry-run` prints.
  var plan: String {
    let configuration = recipe.configuration
    let layers = configuration.layers.flatMap(\.tensors)
    let parameters = layers.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let spacing = TripleText.text(volumes.spacing)
    return Columns.text([
      ("volumes", "\(volumes.training.all.count) to train on, first spacing \(spacing) mm"),
      ("validation", "\(volumes.validation.count) volumes"),
      (
        "network",
        "\(network), \(configuration.featureChannels) features, decoder "
          + "\(configuration.decoderDepth) x \(configuration.decoderWidth), \(parameters) parameters"
      ),
      (
        "steps",
        "\(recipe.steps) of \(recipe.data.batch) patches of \(recipe.data.patch) voxels per axis, "
          + "\(recipe.samples) points each, scales \(recipe.scalesText)"
      ),
      ("rate", NumberText.text(recipe.trainer.schedule.rate)),
      (
        "memory",
        "\(ByteSize.text(volumes.peakBytes(recipe.data))) of \(ByteSize.text(machine.memoryLimit)) "
          + "for the volumes and those drawn from them"
      ),
    ]) + "\n"
  }
}
