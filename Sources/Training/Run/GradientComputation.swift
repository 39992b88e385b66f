import KernelInterface
import MessagePassing
import Networks
import Workers

/// Loss and gradients of a network at a batch.
///
/// The result depends on parameters, batch and instruction set alone, to the byte: no sum is divided
/// among workers. Processes that train together share the batch, and all get the sums over all of it,
/// which round otherwise than those of one process.
public final class GradientComputation {
  private let layout: ParameterLayout
  private let variants: ArSSRVariants
  private let table: KernelTable
  private let pool: WorkerPool
  private let outputFactor: Float
  private let precision: Precision
  private let group: ProcessGroup
  private let decoder: DecoderPass
  private var encoder: EncoderPass?
  private var pointGradients: AlignedBuffer<Float>
  private let sampling: SamplingMemory
  /// What the processes add up besides gradients.
  private let counts: AlignedBuffer<Double>

  /// Prepares the memory of the decoder; that of the encoder follows with the first batch.
  ///
  /// - Parameters:
  ///   - layout: The network.
  ///   - variants: How it departs from the published function.
  ///   - loss: What is minimised.
  ///   - outputFactor: The network's output is this many times what its layers make, and the loss is
  ///     counted before it: Adam moves every weight by about the rate, and a small residual needs
  ///     small moves.
  ///   - precision: What the encoder's 3x3x3 layers and the decoder multiply; all else is float32.
  ///   - group: The processes that have a share of every batch.
  ///   - table: The kernels.
  ///   - pool: The workers.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public init(
    _ layout: ParameterLayout, variants: ArSSRVariants, loss: Loss, outputFactor: Float = 1,
    precision: Precision = .float32, group: ProcessGroup = ProcessGroup(), table: KernelTable,
    pool: WorkerPool
  ) throws(WorkersError) {
    self.layout = layout
    self.variants = variants
    self.table = table
    self.pool = pool
    self.outputFactor = outputFactor
    self.precision = precision
    self.group = group
    decoder = try DecoderPass(layout, variants, loss, precision, table, pool)
    pointGradients = try AlignedBuffer(count: 0)
    sampling = try SamplingMemory()
    counts = try AlignedBuffer(count: 3)
  }

  /// Computes the loss and sets the gradients.
  ///
  /// - Parameters:
  ///   - batch: Patches and points: this process's share of them.
  ///   - parameters: In the order of the layout.
  ///   - gradient: In the order of the layout; what was there is replaced.
  /// - Returns: The loss.
  /// - Throws: ``TrainingError`` if memory for a new size of patches cannot be had, or another process
  ///   is lost.
  public func compute(
    _ batch: TrainingBatch, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) throws(TrainingError) -> BatchLoss {
    let encoder = try TrainingError.ofMemory { () throws(WorkersError) in
      try self.encoder(for: batch)
    }
    counts.pointer[0] = Double(batch.pointCount)
    try TrainingError.ofGroup { () throws(ProcessGroupError) in
      try group.beginSum(counts.pointer, count: 1)
    }
    gradient.update(repeating: 0, count: layout.count)
    encoder.weights.pack(parameters, pool)
    decoder.weights.pack(parameters, pool)
    encoder.forward(batch.samples.map(\.patch), parameters)
    try TrainingError.ofGroup { () throws(ProcessGroupError) in try group.finishSums() }
    let points = counts.pointer[0]
    let total = try TrainingError.ofMemory { () throws(WorkersError) in
      try decode(batch, share: 1 / Float(points), encoder, parameters)
    }
    decoder.finish(total, into: gradient)
    try TrainingError.ofGroup { () throws(ProcessGroupError) in
      try addUp(total, gradient, parameters, encoder)
    }
    return BatchLoss(
      mean: counts.pointer[0] / points, meanOfZero: counts.pointer[1] / points,
      positiveShare: counts.pointer[2] / points)
  }

  /// Losses at all points, the decoder's gradients, and those of the feature map.
  private func decode(
    _ batch: TrainingBatch, share: Float, _ encoder: EncoderPass,
    _ parameters: UnsafePointer<Float>
  ) throws(WorkersError) -> PointSums {
    try decoder.begin(points: batch.samples.map(\.points.count).max() ?? 0)
    var total = PointSums()
    for (index, sample) in batch.samples.enumerated() {
      total += decoder.run(
        try prepared(sample, index, encoder.features), share: share, features: encoder.features,
        featureGradient: encoder.featureGradient, pointGradients: pointGradients.pointer,
        parameters: parameters)
    }
    return total
  }

  /// The encoder's gradients, and all sums over the processes: those of the decoder and of every
  /// part of the encoder as soon as it is known, while the rest is computed.
  private func addUp(
    _ total: PointSums, _ gradient: UnsafeMutablePointer<Float>,
    _ parameters: UnsafePointer<Float>, _ encoder: EncoderPass
  ) throws(ProcessGroupError) {
    counts.pointer[0] = total.loss
    counts.pointer[1] = total.lossOfZero
    counts.pointer[2] = Double(total.positive)
    try group.beginSum(counts.pointer, count: 3)
    var known = layout.count
    func addUp(from first: Int) throws(ProcessGroupError) {
      try group.beginSum(gradient + first, count: known - first)
      known = first
    }
    try addUp(from: layout.layers[layout.encoderLayerCount].weights)
    if group.count == 1 {
      encoder.backward(gradient, parameters) { _ in }
    } else {
      try encoder.backward(gradient, parameters) { first throws(ProcessGroupError) in
        // One message for some layers: every sum waits for all processes.
        let isLong = known - first >= Self.shortestSum
        if isLong { encoder.finishChores() }
        try isLong ? addUp(from: first) : group.advanceSums()
      }
    }
    try addUp(from: 0)
    try group.finishSums()
  }

  /// Values that are worth a message of their own: 4 MiB.
  private static let shortestSum = 1 << 20

  /// The encoder's memory for the batch's size, and room for the gradients of its points.
  private func encoder(for batch: TrainingBatch) throws(WorkersError) -> EncoderPass {
    let shape = BatchShape(samples: batch.samples.count, size: batch.size)
    let encoder: EncoderPass
    if let known = self.encoder, known.shape == shape {
      encoder = known
    } else {
      self.encoder = nil
      encoder = try EncoderPass(layout, shape, precision, table, pool)
      self.encoder = encoder
    }
    let most = batch.samples.map(\.points.count).max() ?? 0
    if pointGradients.count < most * encoder.features.stride {
      pointGradients = try AlignedBuffer(count: most * encoder.features.stride)
    }
    return encoder
  }

  private func prepared(
    _ sample: TrainingBatch.Sample, _ index: Int, _ features: FeatureMap
  ) throws(WorkersError) -> DecoderPass.Sample {
    let memory = sampling
    let sampling: any PointSampling =
      switch sample.points {
      case .grid(let i, let j, let k):
        try GridSampling(i: i, j: j, k: k, features, variants, memory)
      case .scattered(let positions): try ScatteredSampling(positions, features, variants, memory)
      }
    return DecoderPass.Sample(
      index: index, content: sample, outputFactor: outputFactor, sampling: sampling)
  }
}
