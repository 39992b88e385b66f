import KernelInterface
import Networks
import Workers

/// Loss and gradients of a related network at a batch of patches.
///
/// The result depends on parameters, batch and instruction set alone, to the byte.
protocol ImageComputation: AnyObject {
  /// Computes the loss and sets the gradients.
  ///
  /// - Parameters:
  ///   - batch: Patches and what shall become of them.
  ///   - parameters: In the order of the layout.
  ///   - gradient: In the order of the layout; what was there is replaced.
  /// - Returns: The loss, and that of the image that came in.
  /// - Throws: ``WorkersError`` if memory for a new size of patches cannot be had.
  func compute(
    _ batch: ImageBatch, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) throws(WorkersError) -> BatchLoss
}

/// Losses of some voxels before they are multiplied, and of the image that came in.
struct ImageSums {
  var loss = 0.0
  var lossOfImage = 0.0

  static func + (first: ImageSums, second: ImageSums) -> ImageSums {
    ImageSums(
      loss: first.loss + second.loss, lossOfImage: first.lossOfImage + second.lossOfImage)
  }
}

/// Of networks whose kernels are 1 or 3 with zero padding: all but SRCNN3D.
final class PaddedComputation: ImageComputation {
  private let layout: ParameterLayout
  private let loss: ImageLoss
  private let isResidual: Bool
  /// The factor of a pixel shuffle behind the layers; 1: none.
  private let factor: Int
  private let precision: Precision
  private let table: KernelTable
  private let pool: WorkerPool
  private let statistics: RunningStatistics?
  private var pass: EncoderPass?

  init(
    _ network: RelatedNetwork, _ layout: ParameterLayout, loss: ImageLoss, precision: Precision,
    statistics: RunningStatistics?, table: KernelTable, pool: WorkerPool
  ) {
    self.layout = layout
    self.statistics = statistics
    self.loss = loss
    isResidual = network.isResidual
    factor = network.fixedFactor ?? 1
    self.precision = precision
    self.table = table
    self.pool = pool
  }

  func compute(
    _ batch: ImageBatch, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) throws(WorkersError) -> BatchLoss {
    let pass = try pass(for: batch)
    gradient.update(repeating: 0, count: layout.count)
    pass.weights.pack(parameters, pool)
    pass.forward(batch.samples.map(\.input), parameters)
    let sums = try compare(batch, pass)
    pass.backward(gradient, parameters) { _ in }
    let share = loss.share(batch)
    return BatchLoss(
      mean: sums.loss * share, meanOfZero: sums.lossOfImage * share, positiveShare: 1)
  }

  private func pass(for batch: ImageBatch) throws(WorkersError) -> EncoderPass {
    let shape = BatchShape(samples: batch.samples.count, size: batch.size)
    if let pass, pass.shape == shape { return pass }
    self.pass = nil
    let pass = try EncoderPass(
      layout, shape, precision, table, pool, statistics: statistics)
    self.pass = pass
    return pass
  }

  /// Compares the result with the targets and makes its gradient, plane by plane.
  private func compare(
    _ batch: ImageBatch, _ pass: EncoderPass
  ) throws(WorkersError) -> ImageSums {
    let size = batch.size
    let sums = try AlignedBuffer<ImageSums>(count: batch.samples.count * size.z)
    let slopeFactor = Float(loss.share(batch))
    let elements = sums.elements
    pass.forEachPlane { [self] sample, k, _ in
      var sum = ImageSums()
      for j in 0..<size.y {
        sum =
          sum
          + compareRow(
            batch.samples[sample], SIMD3(size.x, size.y, size.z), j: j, k: k,
            values: pass.features.row(sample: sample, k: k, j: j),
            slopes: pass.featureGradient.row(sample: sample, k: k, j: j),
            stride: pass.features.stride, slopeFactor: slopeFactor)
      }
      elements[sample * size.z + k] = sum
    }
    return withExtendedLifetime(sums) { elements.reduce(ImageSums(), +) }
  }

  private func compareRow(
    _ sample: ImageBatch.Sample, _ size: SIMD3<Int>, j: Int, k: Int,
    values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, stride: Int,
    slopeFactor: Float
  ) -> ImageSums {
    let channels = sample.input.count / (size.x * size.y * size.z)
    var sum = ImageSums()
    for i in 0..<size.x {
      let place = slopes + i * stride
      place.update(repeating: 0, count: stride)
      let image = sample.input[((k * size.y + j) * size.x + i) * channels]
      for channel in 0..<factor * factor * factor {
        let target = sample.target[targetIndex(size, i, j, k, channel)]
        let base = isResidual ? image : 0
        let difference = values[i * stride + channel] + base - target
        place[channel] = slopeFactor * loss.slope(difference)
        sum.loss += loss.value(difference)
        sum.lossOfImage += loss.value(image - target)
      }
    }
    return sum
  }

  /// Where a channel of a voxel lies in the target: the pixel shuffle, first axis k.
  private func targetIndex(
    _ size: SIMD3<Int>, _ i: Int, _ j: Int, _ k: Int, _ channel: Int
  ) -> Int {
    let (plane, row, column) = (
      channel / (factor * factor), channel / factor % factor, channel % factor
    )
    return ((k * factor + plane) * size.y * factor + j * factor + row) * size.x * factor
      + i * factor + column
  }
}
