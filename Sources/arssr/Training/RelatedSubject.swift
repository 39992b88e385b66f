import Checkpoints
import Networks
import Training

/// A related network with its data, while it is trained.
struct RelatedSubject: TrainSubject {
  private let prepared: PreparedImageTraining
  private let trainer: ImageTrainer

  init(_ prepared: PreparedImageTraining) throws(Failure) {
    self.prepared = prepared
    trainer = try Failure.of(.model) { () throws(TrainingError) in
      try ImageTrainer(
        prepared.recipe.network, settings: prepared.recipe.trainer,
        table: prepared.machine.kernels, pool: prepared.machine.pool)
    }
  }

  var steps: Int { trainer.steps }
  var hasBase: Bool { prepared.recipe.network.fixedFactor == nil }
  var lossFactor: Double { 1 }
  var batch: Int { prepared.recipe.data.batch }
  /// They are trained by one process.
  var digest: Double { 0 }

  mutating func step(of end: Int) throws(Failure) -> Trainer.Report {
    let trainer = trainer
    let batch = prepared.source.batch(step: trainer.steps)
    let report = try Failure.of { () throws(TrainingError) in
      try trainer.step(batch, progress: Double(trainer.steps) / Double(end))
    }
    guard report.norm.all.isFinite else {
      throw Failure(
        .trainingEnded(
          "the gradient of step \(report.step) is not finite; take a lower --learning-rate"))
    }
    return report
  }

  func model() throws(Failure) -> any TrainProduct {
    TrainedImageModel(trainer.trained(), prepared)
  }

  func state(metadata: [String: String]) -> SafetensorsFile { trainer.state(metadata: metadata) }

  func restore(_ checkpoint: Checkpoint) throws(TrainingError) { try trainer.restore(checkpoint) }
}

/// The related network that a training ships.
struct TrainedImageModel: TrainProduct {
  private let network: RelatedNetwork
  private let prepared: PreparedImageTraining

  init(_ network: RelatedNetwork, _ prepared: PreparedImageTraining) {
    self.network = network
    self.prepared = prepared
  }

  var canBeScored: Bool { !prepared.volumes.validation.isEmpty }

  func score(isStopped: () -> Bool) throws(Failure) -> ValidationScore? {
    do {
      return try prepared.validation.score(
        network, kernels: prepared.machine.kernels, pool: prepared.machine.pool,
        isStopped: isStopped)
    } catch {
      throw Failure(caught: error)
    }
  }

  func picture() -> ValidationPicture? { nil }

  func write(to folder: TrainFolder, step: Int, score: ValidationScore?) throws(Failure) {
    let card = card(step: step, score: score)
    try TrainCard.write(file(card), card: card, to: folder)
  }

  func write(to path: String, step: Int, score: ValidationScore?) throws(Failure) {
    try TrainCard.write(file(card(step: step, score: score)), to: path)
  }

  private func file(_ card: [String: String]) throws(Failure) -> SafetensorsFile {
    do {
      return try SafetensorsFile(
        modelOf: .related(network), tensors: network.tensors, metadata: card,
        provenance: TrainProvenance.text)
    } catch {
      throw Failure(caught: error, about: .model)
    }
  }

  private func card(step: Int, score: ValidationScore?) -> [String: String] {
    let (recipe, volumes) = (prepared.recipe, prepared.volumes)
    var card = network.metadata.merging(prepared.card) { _, card in card }
    func add(_ key: MetadataKey, _ value: String) {
      if card[key.rawValue] == nil { card[key.rawValue] = value }
    }
    add(.scales, recipe.factorsText)
    if !volumes.contrasts.isEmpty { add(.contrast, volumes.contrasts.joined(separator: ",")) }
    if let initial = recipe.initial { add(.base, initial.fileSHA256) }
    card[MetadataKey.training.rawValue] =
      TrainProvenance.training(step, volumes, recipe.describing, score).line
    return card
  }
}
