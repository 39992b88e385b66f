import Checkpoints
import Networks
import Training

/// A card as the JSON file beside a model, and in the model.
enum TrainCard {
  /// What only the user knows of a model.
  ///
  /// What it computes, and how it came about, the training says.
  private static let told: Set<MetadataKey> = [
    .name, .contrast, .status, .provenance, .licence, .citation,
  ]

  /// What the user says of the model: also of the card of another training, nothing that this one
  /// decides.
  static func read(_ request: TrainRequest) throws(Failure) -> [String: String] {
    guard let path = request.card else { return [:] }
    do {
      return try CardFile.read(path: path).filter { item in
        told.contains { $0.rawValue == item.key }
      }
    } catch {
      throw Failure(caught: error, about: .model)
    }
  }

  /// Writes a model's file and its card.
  static func write(
    _ file: SafetensorsFile, card: [String: String], to folder: TrainFolder
  ) throws(Failure) {
    try write(file, to: folder.best)
    let members = card.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
    try TrainFolder.write(JSON.object(members).document, to: folder.card)
  }

  /// Writes a model's file.
  static func write(_ file: SafetensorsFile, to path: String) throws(Failure) {
    do {
      try file.write(path: path, force: true)
    } catch {
      throw Failure(caught: error, about: .model)
    }
  }
}
