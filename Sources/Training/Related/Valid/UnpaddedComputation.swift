import KernelInterface
import Networks
import Workers

/// Of SRCNN3D, whose layers do not pad: a target is smaller than its patch.
final class UnpaddedComputation: ImageComputation {
  private let layout: ParameterLayout
  private let loss: ImageLoss
  private let table: KernelTable
  private let pool: WorkerPool
  private var pass: WindowPass?

  init(_ layout: ParameterLayout, loss: ImageLoss, table: KernelTable, pool: WorkerPool) {
    self.layout = layout
    self.loss = loss
    self.table = table
    self.pool = pool
  }

  func compute(
    _ batch: ImageBatch, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) throws(WorkersError) -> BatchLoss {
    let pass = try pass(for: batch)
    gradient.update(repeating: 0, count: layout.count)
    pass.forward(batch.samples.map(\.input), parameters)
    let sums = try compare(batch, pass)
    pass.backward(gradient)
    let share = loss.share(batch)
    return BatchLoss(
      mean: sums.loss * share, meanOfZero: sums.lossOfImage * share, positiveShare: 1)
  }

  private func pass(for batch: ImageBatch) throws(WorkersError) -> WindowPass {
    let shape = BatchShape(samples: batch.samples.count, size: batch.size)
    if let pass, pass.shape == shape { return pass }
    self.pass = nil
    let pass = try WindowPass(layout, shape, table, pool)
    self.pass = pass
    return pass
  }

  private func compare(
    _ batch: ImageBatch, _ pass: WindowPass
  ) throws(WorkersError) -> ImageSums {
    let (size, target) = (batch.size, batch.targetSize)
    precondition(pass.result.shape.size == target, "\(target) of \(size)")
    let margin = (size &- target) / SIMD3(repeating: 2)
    let sums = try AlignedBuffer<ImageSums>(count: batch.samples.count * target.z)
    let elements = sums.elements
    let slopeFactor = Float(loss.share(batch))
    pass.forEachPlane(of: pass.result) { [self] sample, k, _ in
      let wanted = batch.samples[sample]
      var sum = ImageSums()
      for j in 0..<target.y {
        let values = pass.result.row(sample: sample, k: k, j: j)
        let slopes = pass.resultGradient.row(sample: sample, k: k, j: j)
        let stride = pass.result.stride
        for i in 0..<target.x {
          let truth = wanted.target[(k * target.y + j) * target.x + i]
          let image = wanted.input[
            ((k + margin.z) * size.y + j + margin.y) * size.x + i + margin.x]
          let difference = values[i * stride] - truth
          slopes[i * stride] = slopeFactor * loss.slope(difference)
          sum.loss += loss.value(difference)
          sum.lossOfImage += loss.value(image - truth)
        }
      }
      elements[sample * target.z + k] = sum
    }
    return withExtendedLifetime(sums) { elements.reduce(ImageSums(), +) }
  }
}
