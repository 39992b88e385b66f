import KernelInterface
import Networks
import Workers

/// The decoder at all points of a batch: forward, loss and backward in one go, tile by tile, and the
/// gradients of its weights chunk by chunk.
///
/// Groups of chunks are independent of each other; each is summed by one worker, chunk after chunk, and
/// the groups' sums are added in their order: the order of each sum follows from the points alone.
///
/// `@unchecked Sendable`: between two jobs of the pool only the caller touches it; within one each
/// worker writes its own memory and its own groups.
final class DecoderPass: @unchecked Sendable {
  let decoder: DecoderShape
  let variants: ArSSRVariants
  let loss: Loss
  let precision: Precision
  let weights: TrainingDecoderWeights
  let table: KernelTable
  let pool: WorkerPool
  /// Zeros in place of a bias.
  let zeros: AlignedBuffer<Float>
  let ones: ConstantRows
  /// Per worker.
  let memory: [DecoderMemory]
  private let sums: GroupSums

  init(
    _ layout: ParameterLayout, _ variants: ArSSRVariants, _ loss: Loss, _ precision: Precision,
    _ table: KernelTable, _ pool: WorkerPool
  ) throws(WorkersError) {
    let decoder = DecoderShape(layout)
    self.decoder = decoder
    self.variants = variants
    self.loss = loss
    self.precision = precision
    self.table = table
    self.pool = pool
    weights = try TrainingDecoderWeights(decoder, precision, table)
    zeros = try AlignedBuffer(count: decoder.widest)
    ones = try ConstantRows(value: 1, count: 1)
    var memory: [DecoderMemory] = []
    for _ in 0..<pool.workerCount {
      memory.append(try DecoderMemory(decoder, precision, table))
    }
    self.memory = memory
    sums = try GroupSums(count: decoder.parameterCount, table)
  }

  /// One sample on its way through the decoder.
  struct Sample {
    var index: Int
    var content: TrainingBatch.Sample
    /// The network's output is this many times what the layers make; the loss is counted before.
    var outputFactor: Float
    var sampling: any PointSampling

    /// What the layers should make: the target without the base, over the output factor.
    func target(_ point: Int) -> Float {
      (content.targets[point] - (content.base.isEmpty ? 0 : content.base[point])) / outputFactor
    }
  }

  /// Begins a batch whose samples have at most so many points.
  func begin(points: Int) throws(WorkersError) {
    try sums.begin(groups: decoder.groups(points: points).count)
  }

  /// Takes a sample into the decoder's gradients and sets those of its features.
  ///
  /// - Parameters:
  ///   - sample: Points and targets.
  ///   - share: 1 over the points of the whole batch: the loss is a mean.
  ///   - features: The feature map.
  ///   - featureGradient: Its gradient, of which the sample's part is set.
  ///   - pointGradients: Room for `points * features.stride` floats.
  ///   - parameters: All parameters.
  /// - Returns: Sums over the points.
  func run(
    _ sample: Sample, share: Float, features: FeatureMap, featureGradient: FeatureMap,
    pointGradients: UnsafeMutablePointer<Float>, parameters: UnsafePointer<Float>
  ) -> PointSums {
    sample.sampling.prepare(features, sample: sample.index, pool, table.training)
    let groups = decoder.groups(points: sample.content.points.count)
    var parts = [PointSums](repeating: PointSums(), count: groups.count)
    parts.withUnsafeMutableBufferPointer { parts in
      let place = UncheckedElements(parts.baseAddress)
      pool.run(groups.count) { group, worker in
        let gradient = sums.group(group)
        var total = PointSums()
        let length = decoder.tilesOfChunk * DecoderMemory.tile
        for chunk in DecoderShape.parts(of: groups[group], length: length) {
          let tiles = DecoderShape.parts(of: chunk, length: DecoderMemory.tile)
          for (index, points) in tiles.enumerated() {
            total += run(
              sample, points, at: index, share: share, features: features,
              pointGradients: pointGradients, parameters: parameters, worker: worker)
          }
          addWeightGradients(points: chunk.count, memory[worker], into: gradient)
        }
        place.first?[group] = total
      }
    }
    sums.end(groups: groups.count)
    sample.sampling.spread(
      pointGradients, into: featureGradient, sample: sample.index, pool, table.training)
    return parts.reduce(into: PointSums()) { $0 += $1 }
  }

  /// Adds the gradients of all samples since the beginning.
  func finish(_ total: PointSums, into gradient: UnsafeMutablePointer<Float>) {
    sums.add(to: gradient + decoder.firstParameter, pool)
    gradient[decoder.layers[decoder.layers.count - 1].bias] += Float(total.gradient)
  }
}

/// Elements of which every worker writes its own.
private struct UncheckedElements: @unchecked Sendable {
  let first: UnsafeMutablePointer<PointSums>?

  init(_ first: UnsafeMutablePointer<PointSums>?) { self.first = first }
}
