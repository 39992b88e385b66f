import Checkpoints
import Networks
import Training

/// The model that a training ships: tensors with variants and card.
struct TrainedModel: TrainProduct {
  let tensors: [Tensor]
  private let family: ArSSRNetwork
  private let prepared: PreparedTraining
  private let metadata: [String: String]

  /// Takes the weights that a training would ship now.
  ///
  /// - Parameters:
  ///   - trainer: The training.
  ///   - prepared: What it was made by, and what the user says of the model.
  /// - Throws: If the system refuses memory.
  init(_ trainer: Trainer, _ prepared: PreparedTraining) throws(Failure) {
    self.prepared = prepared
    let tensors = try Failure.of { () throws(TrainingError) in try trainer.exportedTensors() }
    let metadata = prepared.recipe.variants.metadata.merging(prepared.card) { _, card in card }
    self.tensors = tensors
    self.metadata = metadata
    family = try Failure.of(.model) { () throws(NetworkError) in
      try ArSSRNetwork(checkpoint: Checkpoint(tensors: tensors, metadata: metadata))
    }
  }

  var network: Network { .arssr(family) }
  var canBeScored: Bool { !prepared.boxes.isEmpty }

  func score(isStopped: () -> Bool) throws(Failure) -> ValidationScore? {
    do {
      return try prepared.boxes.score(
        family, kernels: prepared.machine.kernels, pool: prepared.machine.pool,
        isStopped: isStopped)
    } catch {
      throw Failure(caught: error)
    }
  }

  func picture() -> ValidationPicture? {
    try? prepared.boxes.picture(
      family, kernels: prepared.machine.kernels, pool: prepared.machine.pool)
  }

  func card(step: Int, score: ValidationScore?) -> [String: String] {
    let (recipe, volumes) = (prepared.recipe, prepared.volumes)
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
    card[MetadataKey.training.rawValue] =
      TrainProvenance.training(step, volumes, recipe.describing, score).line
    return card
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
