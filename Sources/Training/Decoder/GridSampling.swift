import KernelInterface
import Networks
import Workers

/// Points on a grid: interpolation along one axis after the other, and so backward.
///
/// `@unchecked Sendable`: workers write parts of the two buffers that do not overlap.
final class GridSampling: PointSampling, @unchecked Sendable {
  private let i: AxisTaps
  private let j: AxisTaps
  private let k: AxisTaps
  private let size: SIMD3<Int>
  /// Channels of a feature, padded, and in truth.
  private let length: Int
  private let channels: Int
  /// Interpolated along i, `[k][j][point i][c]`; backward its gradient.
  private let alongI: AlignedBuffer<Float>
  /// Interpolated along i and j, `[k][point j][point i][c]`; backward its gradient.
  private let alongJ: AlignedBuffer<Float>

  init(
    i: [Double], j: [Double], k: [Double], _ features: FeatureMap, _ variants: ArSSRVariants,
    _ memory: SamplingMemory
  ) throws(WorkersError) {
    size = features.shape.size
    length = features.stride
    channels = features.channels
    self.i = AxisTaps(i, size: size.x, variants)
    self.j = AxisTaps(j, size: size.y, variants)
    self.k = AxisTaps(k, size: size.z, variants)
    try memory.reserve(
      first: size.z * size.y * i.count * length, second: size.z * j.count * i.count * length)
    alongI = memory.first
    alongJ = memory.second
  }

  /// Floats of a row and of a plane of points.
  private var rowLength: Int { i.count * length }
  private var planeLength: Int { j.count * rowLength }

  func prepare(
    _ features: FeatureMap, sample: Int, _ pool: WorkerPool, _ kernels: TrainingKernels
  ) {
    let (tapsI, tapsJ) = (i.offsets(length: length), j.offsets(length: rowLength))
    pool.run(size.z) { k, _ in
      let lines = alongI.pointer + k * size.y * rowLength
      for row in 0..<size.y {
        along(
          tapsI, i.weights, map: features.row(sample: sample, k: k, j: row), count: i.count,
          length: length, points: lines + row * rowLength, stride: length, kernels.sample)
      }
      along(
        tapsJ, j.weights, map: lines, count: j.count, length: rowLength,
        points: alongJ.pointer + k * planeLength, stride: rowLength, kernels.sample)
    }
  }

  func read(
    _ features: FeatureMap, sample: Int, points: Range<Int>,
    into target: UnsafeMutablePointer<Float>, stride: Int, _ kernels: TrainingKernels
  ) {
    var point = points.lowerBound
    while point < points.upperBound {
      // Points of one plane lie side by side.
      let (plane, place) = point.quotientAndRemainder(dividingBy: j.count * i.count)
      let count = min(j.count * i.count - place, points.upperBound - point)
      readPlane(
        plane, from: place, count: count, into: target + (point - points.lowerBound) * stride,
        stride: stride, kernels)
      point += count
    }
  }

  private func readPlane(
    _ plane: Int, from place: Int, count: Int, into target: UnsafeMutablePointer<Float>,
    stride: Int, _ kernels: TrainingKernels
  ) {
    let taps = (0..<2).map { k.taps[2 * plane + $0] * planeLength }
    let weights = Array(k.weights[2 * plane..<2 * plane + 2])
    let isWhole = stride == length
    for run in 0..<(isWhole ? 1 : count) {
      along(
        taps, weights, map: alongJ.pointer + (place + run) * length, count: 1,
        length: isWhole ? count * length : length, points: target + run * stride, stride: stride,
        kernels.sample)
    }
    var (row, column) = place.quotientAndRemainder(dividingBy: i.count)
    for index in 0..<count {
      let coordinates = target + index * stride + channels
      coordinates[0] = k.coordinates[plane]
      coordinates[1] = j.coordinates[row]
      coordinates[2] = i.coordinates[column]
      column += 1
      if column == i.count { (row, column) = (row + 1, 0) }
    }
  }

  func spread(
    _ gradient: UnsafeMutablePointer<Float>, into features: FeatureMap, sample: Int,
    _ pool: WorkerPool, _ kernels: TrainingKernels
  ) {
    let (tapsI, tapsJ) = (i.offsets(length: length), j.offsets(length: rowLength))
    let tapsK = k.offsets(length: planeLength)
    pool.run(j.count) { row, _ in
      let first = alongJ.pointer + row * rowLength
      for k in 0..<size.z {
        (first + k * planeLength).update(repeating: 0, count: rowLength)
      }
      along(
        tapsK, k.weights, map: first, count: k.count, length: rowLength,
        points: gradient + row * rowLength, stride: planeLength, kernels.spread)
    }
    pool.run(size.z) { k, _ in
      let lines = alongI.pointer + k * size.y * rowLength
      lines.update(repeating: 0, count: size.y * rowLength)
      along(
        tapsJ, j.weights, map: lines, count: j.count, length: rowLength,
        points: alongJ.pointer + k * planeLength, stride: rowLength, kernels.spread)
      features.clear(sample: sample, k: k)
      for row in 0..<size.y {
        along(
          tapsI, i.weights, map: features.row(sample: sample, k: k, j: row), count: i.count,
          length: length, points: lines + row * rowLength, stride: length, kernels.spread)
      }
    }
  }

  /// Interpolates along one axis, or backward.
  private func along(
    _ taps: [Int], _ weights: [Float], map: UnsafeMutablePointer<Float>, count: Int, length: Int,
    points: UnsafeMutablePointer<Float>, stride: Int, _ kernel: (SamplingArguments) -> Void
  ) {
    taps.withUnsafeBufferPointer { taps in
      weights.withUnsafeBufferPointer { weights in
        guard let taps = taps.baseAddress, let weights = weights.baseAddress else { return }
        kernel(
          SamplingArguments(
            map: map, taps: taps, weights: weights, tapCount: 2, count: count, length: length,
            points: points, pointStride: stride))
      }
    }
  }
}
