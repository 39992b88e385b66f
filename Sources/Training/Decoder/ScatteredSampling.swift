import FusedInference
import KernelInterface
import Networks
import Workers

/// Single points: eight neighbours each.
///
/// `@unchecked Sendable`: workers write the tables of their own points; they are read only after all
/// are written.
final class ScatteredSampling: PointSampling, @unchecked Sendable {
  private let positions: [SIMD3<Double>]
  private let size: SIMD3<Int>
  private let channels: Int
  private let variants: ArSSRVariants
  /// Eight per point.
  private let taps: AlignedBuffer<Int>
  private let weights: AlignedBuffer<Float>

  init(
    _ positions: [SIMD3<Double>], _ features: FeatureMap, _ variants: ArSSRVariants,
    _ memory: SamplingMemory
  ) throws(WorkersError) {
    self.positions = positions
    self.variants = variants
    size = features.shape.size
    channels = features.channels
    try memory.reserve(first: 8 * positions.count, taps: 8 * positions.count)
    taps = memory.taps
    weights = memory.first
  }

  func prepare(
    _ features: FeatureMap, sample: Int, _ pool: WorkerPool, _ kernels: TrainingKernels
  ) {}

  func read(
    _ features: FeatureMap, sample: Int, points: Range<Int>,
    into target: UnsafeMutablePointer<Float>, stride: Int, _ kernels: TrainingKernels
  ) {
    for point in points { findNeighbours(of: point, features) }
    kernels.sample(
      arguments(
        features, sample: sample, points: points, target, stride: stride, channel: 0,
        length: features.stride))
    for (index, point) in points.enumerated() {
      let coordinates = target + index * stride + channels
      for axis in 0..<3 {
        coordinates[axis] = decoderCoordinate(
          position: positions[point][2 - axis], size: size[2 - axis], kind: variants.coordinates)
      }
    }
  }

  func spread(
    _ gradient: UnsafeMutablePointer<Float>, into features: FeatureMap, sample: Int,
    _ pool: WorkerPool, _ kernels: TrainingKernels
  ) {
    pool.run(size.z) { k, _ in features.clear(sample: sample, k: k) }
    // All points for some channels: so the order of each sum is that of the points.
    let length = FeatureLayout.channelGranule
    pool.run(features.stride / length) { block, _ in
      kernels.spread(
        arguments(
          features, sample: sample, points: 0..<positions.count, gradient,
          stride: features.stride, channel: block * length, length: length))
    }
  }

  private func arguments(
    _ features: FeatureMap, sample: Int, points: Range<Int>, _ values: UnsafeMutablePointer<Float>,
    stride: Int, channel: Int, length: Int
  ) -> SamplingArguments {
    SamplingArguments(
      map: features.row(sample: sample, k: 0, j: 0) + channel,
      taps: taps.pointer + 8 * points.lowerBound, weights: weights.pointer + 8 * points.lowerBound,
      tapCount: 8, count: points.count, length: length, points: values + channel,
      pointStride: stride)
  }

  private func findNeighbours(of point: Int, _ features: FeatureMap) {
    let position = positions[point]
    func linear(_ axis: Int) -> LinearTaps {
      LinearTaps(position: position[axis], size: size[axis], padding: variants.padding)
    }
    let (i, j, k) = (linear(0), linear(1), linear(2))
    for tap in 0..<8 {
      let (upperI, upperJ, upperK) = (tap & 1 != 0, tap & 2 != 0, tap & 4 != 0)
      taps.pointer[8 * point + tap] = features.offset(
        i: upperI ? i.second : i.first, j: upperJ ? j.second : j.first,
        k: upperK ? k.second : k.first)
      weights.pointer[8 * point + tap] =
        (upperK ? k.secondWeight : k.firstWeight) * (upperJ ? j.secondWeight : j.firstWeight)
        * (upperI ? i.secondWeight : i.firstWeight)
    }
  }
}
