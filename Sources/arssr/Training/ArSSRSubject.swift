import Checkpoints
import MessagePassing
import Training

/// A network of the ArSSR family with its data, while it is trained.
struct ArSSRSubject: TrainSubject {
  private let prepared: PreparedTraining
  private let trainer: Trainer
  private let queue: BatchQueue
  private var watch: StartWatch

  init(_ prepared: PreparedTraining, _ group: ProcessGroup) throws(Failure) {
    self.prepared = prepared
    let recipe = prepared.recipe
    trainer = try Failure.of(.model) { () throws(TrainingError) in
      try Trainer(
        recipe.configuration, variants: recipe.variants, tensors: recipe.tensors,
        settings: recipe.trainer, group: group, table: prepared.machine.kernels,
        pool: prepared.machine.pool)
    }
    queue = try Failure.of { () throws(TrainingDataError) in
      try BatchQueue(
        prepared.source, samples: group.share(of: recipe.data.batch),
        pool: prepared.machine.pool)
    }
    watch = StartWatch(hasBase: recipe.variants.residual != .none)
  }

  var steps: Int { trainer.steps }
  var hasBase: Bool { prepared.recipe.data.hasBase }
  var lossFactor: Double { Double(prepared.recipe.trainer.outputFactor) }
  var batch: Int { prepared.recipe.data.batch }
  var digest: Double { trainer.digest }

  mutating func step(of end: Int) throws(Failure) -> Trainer.Report {
    let (queue, trainer) = (queue, trainer)
    let step = trainer.steps
    let batch = try Failure.of { () throws(TrainingDataError) in
      try queue.batch(step: step, end: end)
    }
    let report = try Failure.of { () throws(TrainingError) in
      try trainer.step(batch, progress: Double(step) / Double(end))
    }
    if let finding = watch.look(at: report) { throw Failure(.trainingEnded(finding.message)) }
    return report
  }

  func model() throws(Failure) -> any TrainProduct { try TrainedModel(trainer, prepared) }

  func state(metadata: [String: String]) -> SafetensorsFile { trainer.state(metadata: metadata) }

  func restore(_ checkpoint: Checkpoint) throws(TrainingError) { try trainer.restore(checkpoint) }
}
