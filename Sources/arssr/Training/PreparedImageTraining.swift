import Files
import MessagePassing
import Networks
import Training

/// A related network's training whose checks have passed: volumes in memory, recipe, boxes to validate
/// with.
struct PreparedImageTraining: PreparedRun {
  let machine: Machine
  let volumes: TrainVolumes
  let recipe: ImageRecipe
  let card: [String: String]
  let validation: ImageValidation
  let source: ImageSource
  /// Bytes that it needs at most.
  private let peakBytes: Int

  /// Checks existence, then content, then what the recipe asks of it.
  init(_ request: TrainRequest, _ related: ImageRequest, _ console: Console) throws(Failure) {
    if !request.resumes { try request.folder.checkIsFree(force: request.force) }
    card = try TrainCard.read(request)
    let initial = try request.initialModel.map { name throws(Failure) in
      try DescribedModel(path: ModelLibrary.path(of: name))
    }
    let recipe = try ImageRecipe(request, related, initial: initial)
    let machine = try Machine(request.computing, console: console)
    let volumes = try TrainVolumes(
      request, normalisation: recipe.trainingNormalisation, guideSuffix: recipe.guides,
      machine: machine, console: console)
    peakBytes =
      try Self.bytes(of: volumes, recipe)
      + Failure.of(.model) { () throws(TrainingError) in
        try ImageTrainer.bytes(recipe.network, recipe.data)
      }
    guard peakBytes <= machine.memoryLimit else {
      throw Failure(.trainingMemory(needed: peakBytes, limit: machine.memoryLimit))
    }
    (source, validation) = try Failure.of { () throws(TrainingDataError) in
      (
        try ImageSource(
          volumes.training, settings: recipe.data, seed: recipe.seed, pool: machine.pool),
        try ImageValidation(
          volumes.validation, settings: recipe.data, reach: recipe.network.reach,
          pool: machine.pool)
      )
    }
    self.machine = machine
    self.volumes = volumes
    self.recipe = recipe
    volumes.warn(request, unscored: validation.unscored, isScored: !validation.isEmpty, console)
  }

  /// Bytes that a training holds at most in volumes: each, and at every factor an image and its truth.
  private static func bytes(of volumes: TrainVolumes, _ recipe: ImageRecipe) -> Int {
    let images = 2 + recipe.network.images
    let all = volumes.training.all + volumes.validation
    return all.reduce(0) {
      $0 + $1.byteCount
        + MemoryLayout<Float>.size * $1.voxels.count * images * recipe.data.scales.count
    }
  }

  var steps: Int { recipe.steps }
  var validateEvery: Int { recipe.validateEvery }
  var members: [(key: AnyOptionKey, value: JSON)] { recipe.members }
  var membersAreComplete: Bool { false }
  var membersBefore: [String: JSON] { [:] }

  /// `9 volumes and 1 to validate with, srrecnn3d 10 x 64, 20000 steps, 2 threads, avx512`.
  func summary(_ group: ProcessGroup) -> String {
    "\(volumes.training.all.count) volumes and \(volumes.validation.count) to validate with, "
      + "\(network), \(recipe.steps) steps, \(counted(machine.pool.workerCount, "thread")), "
      + "\(machine.instructionSet)"
  }

  private var network: String {
    let layers = recipe.network.convolutions
    let width = layers.dropLast().map(\.outputs).max() ?? 1
    return "\(recipe.network.architecture.rawValue) \(layers.count) x \(width)"
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
    let spacing = TripleText.text(volumes.spacing)
    let patches = source.count.map { ", \($0) of them" } ?? ""
    return Columns.text([
      ("volumes", "\(volumes.training.all.count) to train on, first spacing \(spacing) mm"),
      ("validation", "\(volumes.validation.count) volumes"),
      ("network", "\(network), \(recipe.network.parameterCount) parameters"),
      (
        "steps",
        "\(recipe.steps) of \(recipe.data.batch) patches of \(recipe.data.patch) voxels per axis"
          + "\(patches), factors \(recipe.factorsText)"
      ),
      ("degradation", recipe.network.degradation ?? ""),
      ("loss", recipe.trainer.loss.rawValue),
      ("rate", NumberText.text(recipe.trainer.schedule.rate)),
      (
        "memory",
        "\(ByteSize.text(peakBytes)) of \(ByteSize.text(machine.memoryLimit)) for the volumes, "
          + "those made of them, and the layers of a batch"
      ),
    ]) + "\n"
  }

  func check(_ group: ProcessGroup) throws(Failure) {
    guard group.count > 1 else { return }
    throw Failure(
      .conflict(
        options: ["--arch", "mpirun"],
        reason: "only networks of the ArSSR family are trained by several processes"))
  }

  func subject(_ group: ProcessGroup) throws(Failure) -> any TrainSubject {
    try ImageSubject(self)
  }
}
