import Checkpoints
import Networks
import Training

/// The model that a training ships: tensors with variants and card.
struct TrainedModel {
  let network: ArSSRNetwork
  private let recipe: TrainRecipe
  private let metadata: [String: String]
  private let tensors: [Tensor]

  /// Takes the weights that a training would ship now.
  ///
  /// - Parameters:
  ///   - trainer: The training.
  ///   - recipe: What it was made by.
  ///   - card: What the user says of the model.
  /// - Throws: If the system refuses memory.
  init(_ trainer: Trainer, _ recipe: TrainRecipe, card: [String: String]) throws(Failure) {
    self.recipe = recipe
    let tensors = try Failure.of { () throws(TrainingError) in try trainer.exportedTensors() }
    let metadata = recipe.variants.metadata.merging(card) { _, card in card }
    self.tensors = tensors
    self.metadata = metadata
    network = try Failure.of(.model) { () throws(NetworkError) in
      try ArSSRNetwork(checkpoint: Checkpoint(tensors: tensors, metadata: metadata))
    }
  }

  /// Writes the model and its card.
  ///
  /// - Parameters:
  ///   - folder: Where to.
  ///   - step: Steps done.
  ///   - volumes: What it was trained on.
  ///   - score: Its validation, if there was one.
  /// - Throws: If a file cannot be written.
  func write(
    to folder: TrainFolder, step: Int, volumes: TrainVolumes, score: ValidationScore?
  ) throws(Failure) {
    let card = card(step: step, volumes: volumes, score: score)
    try write(card, to: folder.best)
    let members = card.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
    try TrainFolder.write(JSON.object(members).document, to: folder.card)
  }

  /// Writes the model alone.
  func write(
    to path: String, step: Int, volumes: TrainVolumes, score: ValidationScore?
  ) throws(Failure) {
    try write(card(step: step, volumes: volumes, score: score), to: path)
  }

  private func write(_ card: [String: String], to path: String) throws(Failure) {
    let provenance = JSON.object([("program", .string("arssr \(Arssr.version) train"))]).line
    do {
      let file = try SafetensorsFile(
        modelOf: .arssr(network), tensors: tensors, metadata: card, provenance: provenance)
      try file.write(path: path, force: true)
    } catch {
      throw Failure(caught: error, about: .model)
    }
  }

  private func card(
    step: Int, volumes: TrainVolumes, score: ValidationScore?
  ) -> [String: String] {
    var card = metadata
    func add(_ key: MetadataKey, _ value: String) {
      if card[key.rawValue] == nil { card[key.rawValue] = value }
    }
    add(.scales, recipe.scalesText)
    add(.degradation, Self.degradation(recipe.data))
    if !volumes.contrasts.isEmpty {
      add(.contrast, volumes.contrasts.joined(separator: ","))
    }
    if let initial = recipe.initial { add(.base, initial.checkpoint.fileSHA256) }
    card[MetadataKey.training.rawValue] = training(step, volumes, score).line
    return card
  }

  private func training(
    _ step: Int, _ volumes: TrainVolumes, _ score: ValidationScore?
  ) -> JSON {
    .object(
      [
        ("volumes", .integer(volumes.training.all.count)),
        ("validationVolumes", .integer(volumes.validation.count)),
        ("trainedSpacing", .numbers(volumes.spacing)), ("step", .integer(step)),
      ] + recipe.describing.map { ($0.key.settingsKey, $0.value) }
        + (score.map { [("validation", TrainLog.json($0))] } ?? []))
  }

  /// How LR volumes came about, in words.
  private static func degradation(_ data: DataSettings) -> String {
    let sources = data.sources.map { item in
      switch item.source {
      case .plain(let method): method.rawValue
      case .blurred(let widths):
        "psf (Gaussian, FWHM \(NumberText.text(widths.lowerBound)) to "
          + "\(NumberText.text(widths.upperBound)) of the new spacing)"
      }
    }
    var text = "operators of arssr degrade: " + sources.joined(separator: ", ")
    if data.noise.upperBound > 0 {
      text += "; noise up to \(NumberText.text(data.noise.upperBound)) of the range"
    }
    if data.deconvolution != nil { text += "; blur divided out" }
    return text
  }
}
