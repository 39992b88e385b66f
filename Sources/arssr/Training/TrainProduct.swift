import Checkpoints
import Networks
import Training

/// A network that a training ships.
protocol TrainProduct {
  var network: Network { get }
  /// Its weights.
  var tensors: [Tensor] { get }
  /// Whether there is something to score it with.
  var canBeScored: Bool { get }

  /// Scores it; nil where it was stopped.
  func score(isStopped: () -> Bool) throws(Failure) -> ValidationScore?

  /// A piece of a validation volume as it makes it, where that can be shown.
  func picture() -> ValidationPicture?

  /// What its card says.
  func card(step: Int, score: ValidationScore?) -> [String: String]
}

extension TrainProduct {
  /// Writes it with its card inside.
  func write(to path: String, step: Int, score: ValidationScore?) throws(Failure) {
    try TrainCard.write(file(card(step: step, score: score)), to: path)
  }

  /// Writes it and its card as the best of a training.
  func write(to folder: TrainFolder, step: Int, score: ValidationScore?) throws(Failure) {
    let card = card(step: step, score: score)
    try TrainCard.write(file(card), card: card, to: folder)
  }

  private func file(_ card: [String: String]) throws(Failure) -> SafetensorsFile {
    do {
      return try SafetensorsFile(
        modelOf: network, tensors: tensors, metadata: card, provenance: TrainProvenance.text)
    } catch {
      throw Failure(caught: error, about: .model)
    }
  }
}
