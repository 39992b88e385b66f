import KernelInterface
import Networks
import Volumes
import Workers

/// The features of the whole LR volume.
struct FeatureVolume: Sendable {
  let store: RowStore
  /// Voxels along i, j, k.
  let size: SIMD3<Int>
}

/// Decodes the rows of an output grid that lies anyhow in the input.
///
/// Per point 8 neighbours of the feature map are gathered and the whole decoder runs: nothing can be
/// shared between the points of such a row, so the first layers stay where they are.
final class PointDecoder: @unchecked Sendable {
  // The packed matrices are written in the initialiser and only read afterwards.
  private let packed: [PackedWeights]
  private let views: [AlignedBuffer<DenseLayer>]
  private let output: PackedOutputLayer
  private let widest: Int
  private let skipLayer: Int
  private let channels: Int
  /// Inputs of the decoder that follow the features: three coordinates, perhaps a condition.
  private let otherInputs: Int
  private let variants: ArSSRVariants
  private let kernels: KernelTable
  private let pool: WorkerPool
  /// Dense layers that run per point; the row decoder has one less.
  var layerCount: Int { packed.count }
  /// Multiply-accumulates per point, which is also the number of weights held.
  let operationsPerPoint: Int

  /// The most points whose taps are worked out at once: a row may be long, a worker's stack is not.
  private static let mostPoints = 512

  init(
    _ network: ArSSRNetwork, order: UnitOrder, precision: Precision, kernels: KernelTable,
    pool: WorkerPool
  ) throws(WorkersError) {
    let decoder = network.decoder
    let layers = order.layers(of: decoder, keepsSum: true)
    let stack = try PackedDenseStack(layers, precision: precision, kernels: kernels, pool: pool)
    packed = stack.packed
    views = stack.views
    widest = stack.widest
    skipLayer = decoder.stageOne.count
    channels = network.featureChannels
    otherInputs = decoder.stageOne[0].inputs - network.featureChannels
    variants = network.variants
    output = try PackedOutputLayer(
      decoder.stageTwo[decoder.depth - 1], rectified: network.variants.finalReLU, pool: pool)
    self.kernels = kernels
    self.pool = pool
    operationsPerPoint =
      layers.reduce(0) { $0 + $1.inputs * $1.outputs } + decoder.stageTwo[decoder.depth - 1].inputs
  }

  /// Floats of scratch per worker for the kernel.
  func scratch(tile: Int) -> Int {
    kernels.pointDecoderScratch(channels, otherInputs, widest, tile)
  }

  /// Decodes the points `range` of an output row.
  ///
  /// - Parameters:
  ///   - range: Indices along the row.
  ///   - position: LR coordinates of an index along the row.
  ///   - features: The feature map of the whole volume.
  ///   - condition: The value of the condition input, if the network has one.
  ///   - tile: Points decoded together.
  ///   - scratch: The worker's own, with ``scratch(tile:)`` floats for the kernel.
  ///   - worker: Who calls.
  ///   - output: One normalised value per point.
  func decodeRow(
    _ range: Range<Int>, position: (Int) -> SIMD3<Double>, features: FeatureVolume,
    condition: Double, tile: Int, scratch: WorkerScratch, worker: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    // Whole tiles, as far as they fit.
    let part = tile < Self.mostPoints ? Self.mostPoints / tile * tile : Self.mostPoints
    for first in stride(from: range.lowerBound, to: range.upperBound, by: part) {
      decodePoints(
        first..<min(first + part, range.upperBound), position: position, features: features,
        condition: condition, tile: tile, scratch: scratch, worker: worker,
        into: output + (first - range.lowerBound))
    }
  }

  private func decodePoints(
    _ range: Range<Int>, position: (Int) -> SIMD3<Double>, features: FeatureVolume,
    condition: Double, tile: Int, scratch: WorkerScratch, worker: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    let count = range.count
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 8 * count) { taps in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: (8 + otherInputs) * count) { floats in
        guard let taps = taps.baseAddress, let weights = floats.baseAddress else { return }
        let inputs = weights + 8 * count
        for index in 0..<count {
          place(
            position(range.lowerBound + index), features: features, condition: condition,
            taps: taps + 8 * index, weights: weights + 8 * index,
            inputs: inputs + otherInputs * index)
        }
        let node = pool.node(ofWorker: worker)
        let layers = views[node]
        kernels.decodePoints(
          PointDecoderArguments(
            features: UnsafePointer(features.store.first), channels: channels, taps: taps,
            tapWeights: weights, coordinates: inputs, coordinateCount: otherInputs, count: count,
            stack: LayerStack(
              layers: layers.pointer, count: layers.count, skipLayer: skipLayer,
              outputLayer: self.output.view(node: node),
              unitCounts: scratch.unitCounts.pointer),
            output: output, tile: tile, scratch: scratch.kernel.pointer))
      }
    }
  }

  /// Fills taps, weights and other inputs of one point at LR coordinates `position`.
  private func place(
    _ position: SIMD3<Double>, features: FeatureVolume, condition: Double,
    taps: UnsafeMutablePointer<Int>, weights: UnsafeMutablePointer<Float>,
    inputs: UnsafeMutablePointer<Float>
  ) {
    let size = features.size
    let i = LinearTaps(position: position.x, size: size.x, padding: variants.padding)
    let j = LinearTaps(position: position.y, size: size.y, padding: variants.padding)
    let k = LinearTaps(position: position.z, size: size.z, padding: variants.padding)
    var corner = 0
    for (plane, planeWeight) in [(k.first, k.firstWeight), (k.second, k.secondWeight)] {
      for (row, rowWeight) in [(j.first, j.firstWeight), (j.second, j.secondWeight)] {
        let rows = features.store.offset(plane: plane, row: row)
        for (voxel, voxelWeight) in [(i.first, i.firstWeight), (i.second, i.secondWeight)] {
          taps[corner] = rows + voxel * features.store.shape.voxelStride
          weights[corner] = planeWeight * rowWeight * voxelWeight
          corner += 1
        }
      }
    }
    // Decoder inputs are ordered as array axes: k, j, i, then the condition.
    for (slot, axis) in [2, 1, 0].enumerated() {
      inputs[slot] = decoderCoordinate(
        position: position[axis], size: size[axis], kind: variants.coordinates)
    }
    if otherInputs > 3 { inputs[3] = Float(condition) }
  }
}
