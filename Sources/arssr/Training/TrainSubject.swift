import Checkpoints
import MessagePassing
import Networks
import Training

/// What a training moves: a network of any kind with its data.
protocol TrainSubject {
  /// Steps done.
  var steps: Int { get }
  /// Whether losses are told beside that of interpolation.
  var hasBase: Bool { get }
  /// By what losses are multiplied to be those of intensities.
  var lossFactor: Double { get }
  /// Patches of a step.
  var batch: Int { get }
  /// A number that differs, almost surely, where processes have come to different weights.
  var digest: Double { get }

  /// Draws the batch of the next step and moves the network.
  ///
  /// - Parameter end: Steps of the whole training.
  /// - Returns: What the step did.
  /// - Throws: Also if the network cannot learn any more.
  mutating func step(of end: Int) throws(Failure) -> Trainer.Report

  /// The network as it would be shipped now.
  func model() throws(Failure) -> any TrainProduct

  /// All that the next step depends on.
  func state(metadata: [String: String]) -> SafetensorsFile

  /// Goes on where a state was left.
  func restore(_ checkpoint: Checkpoint) throws(TrainingError)
}

/// A network that a training ships.
protocol TrainProduct {
  /// Whether there is something to score it with.
  var canBeScored: Bool { get }

  /// Scores it; nil where it was stopped.
  func score(isStopped: () -> Bool) throws(Failure) -> ValidationScore?

  /// A piece of a validation volume as it makes it, where that can be shown.
  func picture() -> ValidationPicture?

  /// Writes it with its card inside.
  func write(to path: String, step: Int, score: ValidationScore?) throws(Failure)

  /// Writes it and its card as the best of a training.
  func write(to folder: TrainFolder, step: Int, score: ValidationScore?) throws(Failure)
}

/// A training whose checks have passed.
protocol PreparedRun {
  var machine: Machine { get }
  /// Steps of the whole training.
  var steps: Int { get }
  var validateEvery: Int { get }
  /// SHA-256 of all that is trained on.
  var volumesDigest: String { get }
  /// What was decided, by options: what a resumed training is held to.
  var members: [(key: AnyOptionKey, value: JSON)] { get }
  /// What held for options in trainings that are older than the option, by its name.
  var membersBefore: [String: JSON] { get }
  /// One line that says what is trained.
  func summary(_ group: ProcessGroup) -> String
  var summaryMembers: [(key: String, value: JSON)] { get }
  /// What `--dry-run` prints.
  var plan: String { get }

  /// Checks that so many processes can train it together.
  func check(_ group: ProcessGroup) throws(Failure)

  /// The network and its data, ready for the first step.
  func subject(_ group: ProcessGroup) throws(Failure) -> any TrainSubject
}

/// A card as the JSON file beside a model, and in the model.
enum TrainCard {
  /// What the user says of the model.
  static func read(_ request: TrainRequest) throws(Failure) -> [String: String] {
    guard let path = request.card else { return [:] }
    do {
      return try CardFile.read(path: path)
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
