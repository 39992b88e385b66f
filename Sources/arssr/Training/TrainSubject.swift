import Checkpoints
import MessagePassing
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

/// A training whose checks have passed.
protocol PreparedRun {
  var machine: Machine { get }
  /// Steps of the whole training.
  var steps: Int { get }
  var validateEvery: Int { get }
  var volumes: TrainVolumes { get }
  /// What was decided, by options: what a resumed training is held to.
  var members: [(key: AnyOptionKey, value: JSON)] { get }
  /// Whether `members` has every option, given or not.
  var membersAreComplete: Bool { get }
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
