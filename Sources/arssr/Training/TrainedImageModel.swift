import Checkpoints
import Networks
import Training

/// The related network that a training ships.
struct TrainedImageModel: TrainProduct {
  private let related: RelatedNetwork
  private let prepared: PreparedImageTraining

  init(_ network: RelatedNetwork, _ prepared: PreparedImageTraining) {
    related = network
    self.prepared = prepared
  }

  var network: Network { .related(related) }
  var tensors: [Tensor] { related.tensors }
  var canBeScored: Bool { !prepared.validation.isEmpty }

  func score(isStopped: () -> Bool) throws(Failure) -> ValidationScore? {
    do {
      return try prepared.validation.score(
        related, kernels: prepared.machine.kernels, pool: prepared.machine.pool,
        isStopped: isStopped)
    } catch {
      throw Failure(caught: error)
    }
  }

  func picture() -> ValidationPicture? { nil }

  func card(step: Int, score: ValidationScore?) -> [String: String] {
    let (recipe, volumes) = (prepared.recipe, prepared.volumes)
    var card = related.metadata.merging(prepared.card) { _, card in card }
    func add(_ key: MetadataKey, _ value: String) {
      if card[key.rawValue] == nil { card[key.rawValue] = value }
    }
    add(.scales, recipe.factorsText)
    if let citation = related.architecture.publishedCitation { add(.citation, citation) }
    if !volumes.contrasts.isEmpty { add(.contrast, volumes.contrasts.joined(separator: ",")) }
    if let initial = recipe.initial { add(.base, initial.fileSHA256) }
    card[MetadataKey.training.rawValue] =
      TrainProvenance.training(step, volumes, recipe.describing, score).line
    return card
  }
}
