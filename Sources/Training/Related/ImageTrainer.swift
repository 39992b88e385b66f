import Checkpoints
import KernelInterface
import Networks
import Workers

/// A related network while it is trained: parameters, optimiser, and the step that moves them.
///
/// After any number of steps all of them depend on the start, the batches, the settings and the
/// instruction set alone, to the byte.
public final class ImageTrainer {
  /// The network as it began.
  public let network: RelatedNetwork
  /// How it is trained.
  public let settings: ImageTrainerSettings
  /// Steps done.
  public private(set) var steps = 0

  let layout: ParameterLayout
  let parameters: AlignedBuffer<Float>
  let gradient: AlignedBuffer<Float>
  /// Of batch normalisations, where the network has some.
  let statistics: RunningStatistics?
  private let optimiser: ImageOptimiser
  private let computation: any ImageComputation
  private let pool: WorkerPool

  /// Prepares the training of a network.
  ///
  /// - Parameters:
  ///   - network: Where it begins.
  ///   - settings: How it is trained.
  ///   - table: The kernels.
  ///   - pool: The workers.
  /// - Throws: ``TrainingError/memory(_:)``.
  public init(
    _ network: RelatedNetwork, settings: ImageTrainerSettings, table: KernelTable,
    pool: WorkerPool
  ) throws(TrainingError) {
    var network = network
    // In memory, kernels are in the order of the voxels; a model is written as it lies there.
    network.kernelAxes = .zyx
    self.network = network
    self.settings = settings
    self.pool = pool
    let layout = ParameterLayout(
      EncoderGraph(network), network.layerShapes,
      normalisationNames: network.normalisationNames)
    self.layout = layout
    do {
      parameters = try AlignedBuffer(count: layout.count)
      gradient = try AlignedBuffer(count: layout.count)
      optimiser = try ImageOptimiser(
        settings.rule, layout, biasFactor: settings.biasFactor)
    } catch {
      throw .memory(error)
    }
    statistics = RunningStatistics(network)
    if case .srcnn3d = network.layers {
      computation = UnpaddedComputation(layout, loss: settings.loss, table: table, pool: pool)
    } else {
      computation = PaddedComputation(
        network, layout, loss: settings.loss, precision: settings.precision,
        statistics: statistics, table: table, pool: pool)
    }
    try layout.load(network.tensors, into: parameters.pointer)
  }

  /// Moves the parameters once; a gradient that is not finite moves nothing.
  ///
  /// - Parameters:
  ///   - batch: Patches and what shall become of them.
  ///   - progress: Share of the training that is done, for the schedule.
  /// - Returns: What the step did; its loss is the one before.
  /// - Throws: ``TrainingError/memory(_:)`` if memory for a new size of patches cannot be had.
  public func step(
    _ batch: ImageBatch, progress: Double
  ) throws(TrainingError) -> Trainer.Report {
    let loss: BatchLoss
    do {
      loss = try computation.compute(
        batch, parameters: parameters.pointer, gradient: gradient.pointer)
    } catch {
      throw .memory(error)
    }
    let norm = GradientNorm(gradient.pointer, layout, pool)
    let rate = settings.schedule.rate(step: steps, progress: progress)
    if norm.all.isFinite {
      optimiser.update(
        parameters.pointer, gradient: gradient.pointer, factor: 1, rate: rate, pool)
    }
    defer { steps += 1 }
    return Trainer.Report(step: steps, loss: loss, norm: norm, rate: rate)
  }

  /// The network as it is now.
  public func trained() -> RelatedNetwork {
    do {
      var trained = try RelatedNetwork(
        checkpoint: Checkpoint(
          tensors: layout.tensors(parameters.pointer) + statisticTensors(prefix: ""),
          metadata: network.metadata))
      trained.notices = network.notices
      return trained
    } catch {
      preconditionFailure("the layout is that of the network: \(error)")
    }
  }
}

// MARK: - State

extension ImageTrainer {
  private static let stepsKey = "train.steps"
  private static let statisticsPrefix = "statistics."
  private static let optimiserStepsKey = "train.adam.steps"

  private var arrays: [(prefix: String, values: AlignedBuffer<Float>)] {
    [("parameters.", parameters)] + optimiser.memory
  }

  /// All that the next step depends on, as a file.
  ///
  /// - Parameter metadata: What else shall be found again.
  /// - Returns: Parameters and the optimiser's memory, and the counts of steps in the metadata.
  public func state(metadata: [String: String] = [:]) -> SafetensorsFile {
    let tensors =
      arrays.flatMap { prefix, values in
        layout.tensors(values.pointer, prefix: prefix)
      } + statisticTensors(prefix: Self.statisticsPrefix)
    let own = [Self.stepsKey: "\(steps)", Self.optimiserStepsKey: "\(optimiser.steps)"]
    return SafetensorsFile(
      tensors: tensors, metadata: metadata.merging(own) { _, own in own })
  }

  /// Takes up a training where ``state(metadata:)`` left it; the next step has the same bytes.
  ///
  /// - Throws: ``TrainingError`` if something is missing; then nothing was changed.
  public func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    let steps = try checkpoint.count(Self.stepsKey)
    let optimiserSteps = try checkpoint.count(Self.optimiserStepsKey)
    var restored: [AlignedBuffer<Float>] = []
    for (prefix, _) in arrays {
      do {
        restored.append(try AlignedBuffer(count: layout.count))
      } catch {
        throw .memory(error)
      }
      try layout.load(
        checkpoint.tensors, prefix: prefix, into: restored[restored.count - 1].pointer)
    }
    let units = try restoredStatistics(checkpoint)
    for (target, source) in zip(arrays, restored) {
      target.values.pointer.update(from: source.pointer, count: layout.count)
    }
    if let units { statistics?.units = units }
    self.steps = steps
    optimiser.steps = optimiserSteps
  }

  /// Running means and variances, as a model's file calls them.
  private func statisticTensors(prefix: String) -> [Tensor] {
    guard let statistics else { return [] }
    return zip(network.normalisationNames, statistics.units).flatMap { name, unit in
      [("mean", unit.mean), ("var", unit.variance)].map { end, values in
        Tensor(name: "\(prefix)\(name).running_\(end)", shape: [values.count], values: values)
      }
    }
  }

  private func restoredStatistics(
    _ checkpoint: Checkpoint
  ) throws(TrainingError) -> [RunningStatistics.Unit]? {
    guard statistics != nil else { return nil }
    var arrays: [[Float]] = []
    for wanted in statisticTensors(prefix: Self.statisticsPrefix) {
      guard let tensor = checkpoint.tensors.first(where: { $0.name == wanted.name }) else {
        throw .tensorMissing(wanted.name)
      }
      guard tensor.shape == wanted.shape else {
        throw .tensorShape(wanted.name, found: tensor.shape, needed: wanted.shape)
      }
      arrays.append(tensor.values)
    }
    return stride(from: 0, to: arrays.count, by: 2).map {
      RunningStatistics.Unit(mean: arrays[$0], variance: arrays[$0 + 1])
    }
  }
}
