import Glibc
import Workers

/// The mean power of the lines of a volume along one axis, by frequency.
///
/// P(q) = mean over lines of |sum_n w(n) (x(n) - mean x) exp(-2 pi i q n / N)|^2 / (N sum w^2),
/// with the Hann window w(n) = 1/2 - 1/2 cos(2 pi (n + 1/2) / N). A window, because the ends of a
/// line do not fit together, and their step would cover what is looked for.
public struct LineSpectrum: Sendable, Equatable {
  /// Voxels per line, N.
  public let length: Int
  /// Power at the frequencies q/N cycles per voxel, q from 0 to N/2.
  public let power: [Double]

  /// About as many lines are looked at, evenly spread: more change the curve by less than its
  /// width.
  private static let wantedLines = 8192
  /// Lines are summed up in parts of their own, so that the sum does not depend on the workers.
  private static let partCount = 64

  /// Measures a volume.
  ///
  /// Lines of one value throughout, which are background, do not count.
  ///
  /// - Parameters:
  ///   - voxels: `[k][j][i]` of `size`, finite.
  ///   - size: Voxels along i, j, k.
  ///   - axis: 0, 1, 2: the axis along which lines run.
  ///   - pool: Shares the lines.
  /// - Throws: ``WorkersError/allocation(bytes:errno:)`` if the system refuses memory.
  public init(
    _ voxels: [Float], size: SIMD3<Int>, axis: Int, pool: WorkerPool
  ) throws(WorkersError) {
    let length = size[axis]
    self.length = length
    var transforms: [ComplexTransform] = []
    for _ in 0..<pool.workerCount {
      transforms.append(try ComplexTransform(length: length, isInverse: false))
    }
    let lines = Lines(size: size, axis: axis, wanted: Self.wantedLines)
    let window = (0..<length).map {
      0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(length))
    }
    let bins = length / 2 + 1
    let sums = try AlignedBuffer<Double>(count: Self.partCount * (bins + 1))
    let workers = transforms
    pool.run(Self.partCount) { part, worker in
      let sum = sums.pointer + part * (bins + 1)
      withUnsafeTemporaryAllocation(of: SIMD2<Double>.self, capacity: 2 * length) { room in
        let line = room.baseAddress.unsafelyUnwrapped
        let spectrum = line + length
        for number in stride(from: part, to: lines.count, by: Self.partCount) {
          guard lines.load(number, of: voxels, window: window, into: line) else { continue }
          workers[worker].transform(line, into: spectrum)
          for bin in 0..<bins {
            sum[bin] += spectrum[bin].x * spectrum[bin].x + spectrum[bin].y * spectrum[bin].y
          }
          sum[bins] += 1
        }
      }
    }
    power = withExtendedLifetime(sums) {
      let total = (0...bins).map { bin in
        (0..<Self.partCount).reduce(0) { $0 + sums.pointer[$1 * (bins + 1) + bin] }
      }
      let scale = total[bins] * Double(length) * window.reduce(0) { $0 + $1 * $1 }
      return total[..<bins].map { scale > 0 ? $0 / scale : 0 }
    }
  }

  /// Some lines of a volume along an axis.
  private struct Lines {
    let size: SIMD3<Int>
    let axis: Int
    let count: Int
    private let every: Int

    init(size: SIMD3<Int>, axis: Int, wanted: Int) {
      self.size = size
      self.axis = axis
      let all = size.x * size.y * size.z / size[axis]
      every = max(1, all / wanted)
      count = (all + every - 1) / every
    }

    /// Takes the mean off a line and windows it; false for a line of one value.
    func load(
      _ number: Int, of voxels: [Float], window: [Double],
      into line: UnsafeMutablePointer<SIMD2<Double>>
    ) -> Bool {
      let strides = SIMD3(1, size.x, size.x * size.y)
      let (first, second) = axis == 0 ? (1, 2) : axis == 1 ? (0, 2) : (0, 1)
      let index = number * every
      let start =
        index % size[first] * strides[first] + index / size[first] * strides[second]
      var sum = 0.0
      var isConstant = true
      for place in 0..<size[axis] {
        let value = voxels[start + place * strides[axis]]
        sum += Double(value)
        isConstant = isConstant && value == voxels[start]
      }
      guard !isConstant else { return false }
      let mean = sum / Double(size[axis])
      for place in 0..<size[axis] {
        let value = Double(voxels[start + place * strides[axis]])
        line[place] = SIMD2((value - mean) * window[place], 0)
      }
      return true
    }
  }
}
