import Checkpoints
import KernelInterface
import MessagePassing
import Networks
import Workers

/// A network while it is trained: parameters, optimiser, average, and the step that moves them.
///
/// After any number of steps all of them depend on the start, the batches, the settings and the
/// instruction set alone, to the byte.
public final class Trainer {
  /// What a step did.
  public struct Report: Sendable, Equatable {
    /// Index of the step, from 0.
    public let step: Int
    /// The loss before the step.
    public let loss: BatchLoss
    /// The gradient's length before it was shortened.
    public let norm: GradientNorm
    /// The learning rate.
    public let rate: Double
  }

  /// The network's sizes and the order of its parameters.
  public let layout: ParameterLayout
  /// How it departs from the published function.
  public let variants: ArSSRVariants
  /// How it is trained.
  public let settings: TrainerSettings
  /// Steps done.
  public internal(set) var steps = 0

  let parameters: AlignedBuffer<Float>
  let adam: Adam
  let average: WeightAverage?
  private let gradient: AlignedBuffer<Float>
  private let computation: GradientComputation
  private let group: ProcessGroup
  private let pool: WorkerPool

  /// Prepares the training of a network from some weights.
  ///
  /// - Parameters:
  ///   - configuration: The network's sizes.
  ///   - variants: How it departs from the published function.
  ///   - tensors: Where it begins: from ``Initialisation`` or a model.
  ///   - settings: How it is trained.
  ///   - group: The processes that train it together, each with its share of every batch.
  ///   - table: The kernels.
  ///   - pool: The workers.
  /// - Throws: ``TrainingError`` if tensors do not fit or memory cannot be had.
  public init(
    _ configuration: ArSSRConfiguration, variants: ArSSRVariants, tensors: [Tensor],
    settings: TrainerSettings, group: ProcessGroup = ProcessGroup(), table: KernelTable,
    pool: WorkerPool
  ) throws(TrainingError) {
    let layout = ParameterLayout(configuration)
    self.layout = layout
    self.variants = variants
    self.settings = settings
    self.group = group
    self.pool = pool
    do {
      parameters = try AlignedBuffer(count: layout.count)
      gradient = try AlignedBuffer(count: layout.count)
      adam = try Adam(layout, settings.adam)
      computation = try GradientComputation(
        layout, variants: variants, loss: settings.loss, outputFactor: settings.outputFactor,
        precision: settings.precision, group: group, table: table, pool: pool)
    } catch {
      throw .memory(error)
    }
    try layout.load(tensors, into: parameters.pointer)
    Self.scaleOutput(layout, parameters.pointer, by: 1 / settings.outputFactor)
    guard let decay = settings.averageDecay else {
      average = nil
      return
    }
    do {
      average = try WeightAverage(of: parameters.pointer, layout, decay: decay)
    } catch {
      throw .memory(error)
    }
  }

  /// Moves the parameters once.
  ///
  /// A gradient that is not finite moves nothing: the report shows it, and ``StartWatch`` says so.
  ///
  /// - Parameters:
  ///   - batch: Patches and points.
  ///   - progress: Share of the training that is done, for the schedule.
  /// - Returns: What the step did.
  /// - Throws: ``TrainingError/memory(_:)`` if memory for a new size of patches cannot be had,
  ///   ``TrainingError/group(_:)`` if another process is lost; nothing is moved then.
  public func step(
    _ batch: TrainingBatch, progress: Double
  ) throws(TrainingError) -> Report {
    let loss = try computation.compute(
      batch, parameters: parameters.pointer, gradient: gradient.pointer)
    let norm = GradientNorm(gradient.pointer, layout, pool)
    let rate = settings.schedule.rate(step: steps, progress: progress)
    if norm.all.isFinite {
      adam.update(
        parameters.pointer, gradient: gradient.pointer,
        factor: norm.factor(limit: settings.clip), rate: rate, pool)
      average?.update(parameters.pointer, step: steps, pool)
    }
    defer { steps += 1 }
    return Report(step: steps, loss: loss, norm: norm, rate: rate)
  }

  /// A number that differs, almost surely, where processes that train together have come to different
  /// weights; less than 2^32.
  public var digest: Double {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: layout.count, by: Self.digestStride) {
      sum = sum &* 31 &+ parameters.pointer[index].bitPattern
    }
    return Double(sum)
  }

  // A step moves every weight, so some of them tell.
  private static let digestStride = 61

  /// The network to validate and to ship: the average where there is one, with the output factor
  /// multiplied into the last layer.
  public func exportedTensors() throws(TrainingError) -> [Tensor] {
    do {
      let values = try AlignedBuffer<Float>(count: layout.count)
      let source = average?.values ?? parameters
      values.pointer.update(from: source.pointer, count: layout.count)
      Self.scaleOutput(layout, values.pointer, by: settings.outputFactor)
      return layout.tensors(values.pointer)
    } catch {
      throw .memory(error)
    }
  }

  private static func scaleOutput(
    _ layout: ParameterLayout, _ values: UnsafeMutablePointer<Float>, by factor: Float
  ) {
    guard let last = layout.layers.last else { return }
    for index in last.weights..<last.end { values[index] *= factor }
  }
}
