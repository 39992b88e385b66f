import Checkpoints
import Files

/// The folder that a training writes into.
struct TrainFolder: Sendable {
  let path: String

  /// All options, as a settings file.
  var configuration: String { "\(path)/config.json" }
  /// The model with the highest validation PSNR.
  var best: String { "\(path)/best.safetensors" }
  /// The card of the best model.
  var card: String { "\(path)/card.json" }
  /// Everything that the next step depends on.
  var last: String { "\(path)/last.safetensors" }
  /// What `last` was before.
  var previous: String { "\(path)/previous.safetensors" }
  /// Losses and scores, an object per line.
  var log: String { "\(path)/log.jsonl" }
  /// Losses.
  var losses: String { "\(path)/log.csv" }
  /// Scores per scale and degradation.
  var scores: String { "\(path)/validation.csv" }
  /// Losses and gains as curves.
  var curves: String { "\(path)/curves.png" }
  /// A piece of a validation volume, as the best model computes it.
  var sample: String { "\(path)/sample.png" }
  /// Files of TensorBoard.
  var events: String { "\(path)/tensorboard" }
  /// The model of one validation.
  func model(ofStep step: Int) -> String { "\(path)/step-\(step).safetensors" }

  private var holdsTraining: Bool {
    FileIdentity(path: last) != nil || FileIdentity(path: previous) != nil
  }

  /// - Throws: `input.missing` if there is nothing to resume.
  func checkIsTraining() throws(Failure) {
    guard !holdsTraining else { return }
    throw Failure(FileError.missing(path: last), about: .model)
  }

  /// - Throws: `output.exists` if a training lies there that nobody asked to replace.
  func checkIsFree(force: Bool) throws(Failure) {
    guard holdsTraining || FileIdentity(path: best) != nil, !force else { return }
    var failure = Failure(FileError.exists(path: path))
    failure.message = "holds a training; go on with it by --resume, or replace it by --force"
    throw failure
  }

  /// Makes the folder and takes it for this run: a second one with the same folder is refused.
  ///
  /// - Returns: What holds the folder as long as it lives.
  func take() throws(Failure) -> AtomicOutputFile {
    try Failure.of { () throws(FileError) in
      try OutputFolder.make(path: path)
      return try AtomicOutputFile(path: "\(path)/running", force: true)
    }
  }

  /// Writes a text so that it appears complete or not at all.
  static func write(_ text: String, to path: String) throws(Failure) {
    try Failure.of { () throws(FileError) in
      let file = try AtomicOutputFile(path: path, force: true)
      try file.write(Array(text.utf8))
      try file.commit()
    }
  }

  /// Writes the state; the one before it stays as ``previous``.
  ///
  /// - Parameters:
  ///   - state: What the next step depends on.
  ///   - keepsLast: Whether ``last`` can be read; one that cannot displaces none that can.
  /// - Throws: If it cannot be written; the states that are there stay.
  func writeState(_ state: SafetensorsFile, keepsLast: Bool) throws(Failure) {
    try Failure.of { () throws(FileError) in
      try state.write(path: last, force: true) {
        if keepsLast { OutputFolder.keep(last, as: previous) }
      }
    }
  }

  /// The newest state that can be read.
  func readState(_ console: Console) throws(Failure) -> Checkpoint {
    do throws(Failure) {
      return try LoadedModel.checkpoint(at: last)
    } catch {
      guard FileIdentity(path: previous) != nil else { throw error }
      console.warn(
        Notice(
          code: error.code, subject: last,
          message: "cannot be read (\(error.message)); the one before it is used"))
      return try LoadedModel.checkpoint(at: previous)
    }
  }
}
