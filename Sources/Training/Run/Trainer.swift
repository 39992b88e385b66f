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

  /// The network's own parameters, the common ones where they are blended.
  let common: ParameterSet
  /// What is added to them, each with its share (``WeightBlend``).
  let sets: [ParameterSet]
  /// The parameters of a step, where there are sets.
  private let blended: AlignedBuffer<Float>
  private let gradient: AlignedBuffer<Float>
  private let computation: GradientComputation
  private let group: ProcessGroup
  private let pool: WorkerPool

  /// Prepares the training of a network from some weights.
  ///
  /// - Parameters:
  ///   - configuration: The network's sizes.
  ///   - variants: How it departs from the published function.
  ///   - tensors: Where it begins: from ``Initialisation`` or a model; sets that are not there begin
  ///     at 0.
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
      gradient = try AlignedBuffer(count: layout.count)
      blended = try AlignedBuffer(count: variants.blend == nil ? 0 : layout.count)
      computation = try GradientComputation(
        layout, variants: variants, loss: settings.loss, outputFactor: settings.outputFactor,
        precision: settings.precision, group: group, table: table, pool: pool)
    } catch {
      throw .memory(error)
    }
    func set(_ prefix: String, isThere: Bool = true) throws(TrainingError) -> ParameterSet {
      let values = try TrainingError.ofMemory { () throws(WorkersError) in
        try AlignedBuffer<Float>(count: layout.count)
      }
      if isThere { try layout.load(tensors, prefix: prefix, into: values.pointer) }
      Self.scaleOutput(layout, values.pointer, by: 1 / settings.outputFactor)
      return try TrainingError.ofMemory { () throws(WorkersError) in
        try ParameterSet(values, layout, settings)
      }
    }
    common = try set("")
    let count = variants.blend?.setCount ?? 0
    let areThere = tensors.contains { $0.name.hasPrefix(BlendedWeights.prefix(set: 0)) }
    sets = try (0..<count).map { index throws(TrainingError) in
      try set(BlendedWeights.prefix(set: index), isThere: areThere)
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
    let shares = variants.blend.map { $0.shares(for: batch.traits) } ?? []
    let loss = try computation.compute(
      batch, parameters: parameters(shares), gradient: gradient.pointer)
    let norm = GradientNorm(gradient.pointer, layout, pool)
    let rate = settings.schedule.rate(step: steps, progress: progress)
    if norm.all.isFinite {
      let factor = norm.factor(limit: settings.clip)
      move(common, share: 1, factor: factor, rate: rate)
      for (set, share) in zip(sets, shares) {
        move(set, share: Double(share), factor: factor, rate: rate)
      }
    }
    defer { steps += 1 }
    return Report(step: steps, loss: loss, norm: norm, rate: rate)
  }

  /// The parameters for inputs of which the sets have these shares.
  private func parameters(_ shares: [Float]) -> UnsafePointer<Float> {
    guard !sets.isEmpty else { return UnsafePointer(common.values.pointer) }
    let active = zip(sets, shares).filter { $0.1 != 0 }
    let (result, common) = (blended.pointer, common.values.pointer)
    ArrayBlocks.forEach(layout.count, pool) { block in
      for index in stride(from: block.lowerBound, to: block.upperBound, by: 8) {
        var values = load(common, index)
        for (set, share) in active { values += load(set.values.pointer, index) * share }
        store(values, result, index)
      }
    }
    return UnsafePointer(result)
  }

  /// Moves a set by the gradient of what it has a share in, as much more slowly.
  private func move(_ set: ParameterSet, share: Double, factor: Double, rate: Double) {
    if share != 0 {
      set.adam.update(
        set.values.pointer, gradient: gradient.pointer, factor: share * factor,
        rate: share * rate, pool)
    }
    set.average?.update(set.values.pointer, step: steps, pool)
  }

  /// A number that differs, almost surely, where processes that train together have come to different
  /// weights; less than 2^32.
  public var digest: Double {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: layout.count, by: Self.digestStride) {
      for set in [common] + sets { sum = sum &* 31 &+ set.values.pointer[index].bitPattern }
    }
    return Double(sum)
  }

  // A step moves every weight, so some of them tell.
  private static let digestStride = 61

  /// The network to validate and to ship: the average where there is one, with the output factor
  /// multiplied into the last layer; sets with the prefixes of ``BlendedWeights``.
  public func exportedTensors() throws(TrainingError) -> [Tensor] {
    do {
      let values = try AlignedBuffer<Float>(count: layout.count)
      return ([("", common)] + sets.enumerated().map { (BlendedWeights.prefix(set: $0), $1) })
        .flatMap { prefix, set in
          values.pointer.update(from: set.shipped, count: layout.count)
          Self.scaleOutput(layout, values.pointer, by: settings.outputFactor)
          return layout.tensors(values.pointer, prefix: prefix)
        }
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
