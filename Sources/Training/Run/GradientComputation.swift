import KernelInterface
import Networks
import Workers

/// Loss and gradients of a network at a batch.
///
/// The result depends on parameters, batch and instruction set alone, to the byte: no sum is divided
/// among workers.
public final class GradientComputation {
  private let layout: ParameterLayout
  private let variants: ArSSRVariants
  private let table: KernelTable
  private let pool: WorkerPool
  private let outputFactor: Float
  private let precision: Precision
  private let decoder: DecoderPass
  private var encoder: EncoderPass?
  private var pointGradients: AlignedBuffer<Float>
  private let sampling: SamplingMemory

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
  ///   - table: The kernels.
  ///   - pool: The workers.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public init(
    _ layout: ParameterLayout, variants: ArSSRVariants, loss: Loss, outputFactor: Float = 1,
    precision: Precision = .float32, table: KernelTable, pool: WorkerPool
  ) throws(WorkersError) {
    self.layout = layout
    self.variants = variants
    self.table = table
    self.pool = pool
    self.outputFactor = outputFactor
    self.precision = precision
    decoder = try DecoderPass(layout, variants, loss, precision, table, pool)
    pointGradients = try AlignedBuffer(count: 0)
    sampling = try SamplingMemory()
  }

  /// Computes the loss and sets the gradients.
  ///
  /// - Parameters:
  ///   - batch: Patches and points.
  ///   - parameters: In the order of the layout.
  ///   - gradient: In the order of the layout; what was there is replaced.
  /// - Returns: The loss.
  /// - Throws: ``WorkersError`` if memory for a new size of patches cannot be had.
  public func compute(
    _ batch: TrainingBatch, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) throws(WorkersError) -> BatchLoss {
    let encoder = try encoder(for: batch)
    gradient.update(repeating: 0, count: layout.count)
    encoder.weights.pack(parameters, pool)
    decoder.weights.pack(parameters, pool)
    encoder.forward(batch.samples.map(\.patch), parameters)
    try decoder.begin(points: batch.samples.map(\.points.count).max() ?? 0)
    var total = PointSums()
    for (index, sample) in batch.samples.enumerated() {
      total += decoder.run(
        try prepared(sample, index, encoder.features), share: 1 / Float(batch.pointCount),
        features: encoder.features, featureGradient: encoder.featureGradient,
        pointGradients: pointGradients.pointer, parameters: parameters)
    }
    decoder.finish(total, into: gradient)
    encoder.backward(gradient)
    let points = Double(batch.pointCount)
    return BatchLoss(
      mean: total.loss / points, meanOfZero: total.lossOfZero / points,
      positiveShare: Double(total.positive) / points)
  }

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
