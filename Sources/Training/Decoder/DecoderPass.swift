import KernelInterface
import Networks
import Workers

/// The decoder at all points of a batch: forward, loss and backward in one go, tile by tile, and the
/// gradients of its weights chunk by chunk.
///
/// A chunk's tiles are independent of each other. Then its weight gradients are summed, every part of
/// them by one worker, tile after tile: the order of each sum follows from the points alone.
///
/// `@unchecked Sendable`: between two jobs of the pool only the caller touches it; within one each
/// worker writes its own tiles, its own scratch or its own part of the gradients.
final class DecoderPass: @unchecked Sendable {
  let decoder: DecoderShape
  let variants: ArSSRVariants
  let loss: Loss
  /// The output is this many times what the layers make; the loss is counted before.
  let outputFactor: Float
  let weights: TrainingDecoderWeights
  let memory: DecoderMemory
  let table: KernelTable
  let pool: WorkerPool
  /// Zeros in place of a bias.
  let zeros: AlignedBuffer<Float>
  let ones: ConstantRows
  /// Per worker: scratch of the kernels.
  let scratch: [AlignedBuffer<Float>]
  /// Per worker: the gradient of the skip.
  let skipGradients: [PointMap]
  private let parts: [DensePart]

  init(
    _ layout: ParameterLayout, _ variants: ArSSRVariants, _ loss: Loss, outputFactor: Float,
    _ table: KernelTable, _ pool: WorkerPool
  ) throws(WorkersError) {
    decoder = DecoderShape(layout)
    self.variants = variants
    self.loss = loss
    self.outputFactor = outputFactor
    self.table = table
    self.pool = pool
    weights = try TrainingDecoderWeights(decoder, table.layout)
    memory = try DecoderMemory(decoder, workers: pool.workerCount)
    let widest = decoder.layers.map(\.paddedOutputs).max() ?? 0
    zeros = try AlignedBuffer(count: max(widest, decoder.paddedInputs))
    ones = try ConstantRows(value: 1, count: 1)
    var scratch: [AlignedBuffer<Float>] = []
    var skipGradients: [PointMap] = []
    let floats = table.convolutionScratch(DecoderMemory.tile, max(widest, decoder.paddedInputs))
    for _ in 0..<pool.workerCount {
      scratch.append(try AlignedBuffer(count: floats))
      skipGradients.append(try PointMap(points: DecoderMemory.tile, channels: decoder.inputs))
    }
    self.scratch = scratch
    self.skipGradients = skipGradients
    parts = DensePart.all(decoder)
  }

  /// One sample on its way through the decoder.
  struct Sample {
    var index: Int
    var points: Int
    var psf: Float
    /// Per point what the layers should make: the target without the base, over the output factor.
    var targets: [Float]
    var sampling: any PointSampling
  }

  /// Adds the decoder's gradients for one sample and sets those of its features.
  ///
  /// - Parameters:
  ///   - sample: Points and targets.
  ///   - share: 1 over the points of the whole batch: the loss is a mean.
  ///   - features: The feature map.
  ///   - featureGradient: Its gradient, of which the sample's part is set.
  ///   - pointGradients: Room for `points * features.stride` floats.
  ///   - parameters: All parameters.
  ///   - gradient: All gradients.
  /// - Returns: Sums over the points.
  func run(
    _ sample: Sample, share: Float, features: FeatureMap, featureGradient: FeatureMap,
    pointGradients: UnsafeMutablePointer<Float>, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) -> TileSums {
    sample.sampling.prepare(features, sample: sample.index, pool, table.training)
    var total = TileSums()
    let chunk = memory.tiles * DecoderMemory.tile
    for first in stride(from: 0, to: sample.points, by: chunk) {
      let points = min(chunk, sample.points - first)
      let tiles = (points + DecoderMemory.tile - 1) / DecoderMemory.tile
      pool.run(tiles) { tile, worker in
        let start = first + tile * DecoderMemory.tile
        let range = start..<min(start + DecoderMemory.tile, sample.points)
        memory.sums.pointer[tile] = run(
          sample, tile: tile, range, share: share, features: features,
          pointGradients: pointGradients, parameters: parameters, worker: worker)
      }
      addWeightGradients(points: points, gradient)
      for tile in 0..<tiles {
        let sums = memory.sums.pointer[tile]
        total.loss += sums.loss
        total.lossOfZero += sums.lossOfZero
        total.positive += sums.positive
        gradient[decoder.layers[decoder.layers.count - 1].bias] += Float(sums.gradient)
      }
    }
    sample.sampling.spread(
      pointGradients, into: featureGradient, sample: sample.index, pool, table.training)
    return total
  }

  private func addWeightGradients(points: Int, _ gradient: UnsafeMutablePointer<Float>) {
    pool.run(parts.count) { item, _ in
      let part = parts[item]
      let layer = decoder.layers[part.layer]
      let sums = gradient + (part.isBias ? layer.bias : layer.weights + part.firstSum(layer))
      for tile in 0..<(points + DecoderMemory.tile - 1) / DecoderMemory.tile {
        let start = tile * DecoderMemory.tile
        add(part, layer, start..<min(start + DecoderMemory.tile, points), into: sums)
      }
    }
  }

  private func add(
    _ part: DensePart, _ layer: LayerLayout, _ points: Range<Int>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let first = points.lowerBound
    let half = decoder.layers.count / 2
    // The last layer's gradients are its inputs, weighted by the output's gradient.
    let gradients =
      layer.isRow
      ? memory.stageTwo[half - 2]
      : part.layer < half
        ? memory.stageOneGradients[part.layer] : memory.stageTwoGradients[part.layer - half]
    withUnsafePointer(to: UnsafePointer(gradients.row(first))) { gradientRow in
      func add(_ inputs: UnsafePointer<UnsafePointer<Float>>, stride: Int) {
        table.training.addWeightGradient(
          WeightGradientArguments(
            inputs: inputs, inputOffset: part.inputs.lowerBound, inputStride: stride,
            inputCount: part.inputs.count, gradients: gradientRow,
            gradientStride: gradients.stride, gradientCount: gradients.stride, rowCount: 1,
            width: points.count, sums: sums, sumStride: gradients.stride))
      }
      if part.isBias { return add(ones.rows, stride: 0) }
      if layer.isRow {
        let outputs = UnsafePointer(memory.outputs.pointer + first)
        return withUnsafePointer(to: outputs) { add($0, stride: 1) }
      }
      let inputs = input(ofLayer: part.layer)
      withUnsafePointer(to: UnsafePointer(inputs.row(first))) { add($0, stride: inputs.stride) }
    }
  }

  /// What a layer reads.
  func input(ofLayer layer: Int) -> PointMap {
    let half = decoder.layers.count / 2
    if layer == 0 { return memory.inputs }
    if layer < half { return memory.stageOne[layer - 1] }
    return layer == half ? memory.skip : memory.stageTwo[layer - half - 1]
  }
}

/// A part of a dense layer's weight gradient: some inputs, or the bias.
private struct DensePart: Sendable {
  var layer: Int
  var isBias: Bool
  var inputs: Range<Int>

  func firstSum(_ layer: LayerLayout) -> Int {
    layer.isRow ? 0 : inputs.lowerBound * layer.paddedOutputs
  }

  static func all(_ decoder: DecoderShape) -> [DensePart] {
    decoder.layers.enumerated().flatMap { index, layer -> [DensePart] in
      if layer.isRow { return [DensePart(layer: index, isBias: false, inputs: 0..<1)] }
      return [DensePart(layer: index, isBias: true, inputs: 0..<1)]
        + WeightGradientPart.divided(layer.inputs).map {
          DensePart(layer: index, isBias: false, inputs: $0)
        }
    }
  }
}
