import Checkpoints
import Training

/// A related network with its data, while it is trained.
struct ImageSubject: TrainSubject {
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
