import Workers

/// Turns samples into the coefficients of the cubic B-spline through them, mirrored at the centres
/// of the first and last voxel (… c2 c1 | c0 | c1 c2 …).
///
/// The recursive filter of Unser, Aldroubi and Eden (IEEE Trans. Signal Processing 41:821, 1993)
/// with pole sqrt(3) - 2, applied along each axis in turn. A line is filtered in double, bundled
/// with 7 neighbours so that the recursion runs over vectors; between axes values are float32.
/// Against an all-double filter the error is about 2e-7 of the data's range.
enum BSplinePrefilter {
  private static let pole = Double(3).squareRoot() - 2
  /// Lines filtered together.
  private static let lanes = 8

  /// Filters `voxels` (`[k][j][i]` of `size`) in place along the axes for which `along` is true.
  ///
  /// Lines are independent, so the result is the same for any number of workers.
  static func apply(
    to voxels: inout [Float], size: SIMD3<Int>, along: [Bool], pool: WorkerPool
  ) {
    voxels.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for axis in 0..<3 where along[axis] && size[axis] > 1 {
        filter(Lines(base: base, size: size, axis: axis), pool: pool)
      }
    }
  }

  /// All lines of a volume along one axis, in bundles.
  ///
  /// Bundles share no voxel, so workers may filter them at the same time.
  private struct Lines: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    let length: Int
    /// Distance of neighbours in a line.
    let step: Int
    /// Bundles cut one run of `runLength` lines that lie `lineStep` apart; runs lie `runStep` apart.
    let runLength: Int
    let lineStep: Int
    let runStep: Int
    let runCount: Int

    init(base: UnsafeMutablePointer<Float>, size: SIMD3<Int>, axis: Int) {
      self.base = base
      length = size[axis]
      let plane = size.x * size.y
      switch axis {
      case 0: (step, runLength, lineStep, runStep, runCount) = (1, size.y * size.z, size.x, 0, 1)
      case 1:
        (step, runLength, lineStep, runStep, runCount) = (size.x, size.x, 1, plane, size.z)
      default:
        (step, runLength, lineStep, runStep, runCount) = (plane, plane, 1, 0, 1)
      }
    }

    var bundlesPerRun: Int { (runLength + lanes - 1) / lanes }

    /// The first line's first voxel, and the number of lines.
    func bundle(_ index: Int) -> (start: UnsafeMutablePointer<Float>, lines: Int) {
      let (run, part) = index.quotientAndRemainder(dividingBy: bundlesPerRun)
      let line = part * lanes
      return (base + run * runStep + line * lineStep, min(lanes, runLength - line))
    }
  }

  private static func filter(_ lines: Lines, pool: WorkerPool) {
    let count = lines.runCount * lines.bundlesPerRun
    // A few thousand samples per item keep the pool's own cost out of sight.
    let bundlesPerItem = max(1, 8192 / (lines.length * lanes))
    pool.run((count + bundlesPerItem - 1) / bundlesPerItem) { item, _ in
      withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: lines.length) { scratch in
        for index in (item * bundlesPerItem)..<min(count, (item + 1) * bundlesPerItem) {
          filterBundle(lines, index, scratch)
        }
      }
    }
  }

  private static func filterBundle(
    _ lines: Lines, _ index: Int, _ scratch: UnsafeMutableBufferPointer<SIMD8<Double>>
  ) {
    let (start, lineCount) = lines.bundle(index)
    for position in 0..<lines.length {
      let source = start + position * lines.step
      var values = SIMD8<Double>.zero
      for line in 0..<lineCount { values[line] = Double(source[line * lines.lineStep]) }
      scratch[position] = values
    }
    filterLine(scratch)
    for position in 0..<lines.length {
      let target = start + position * lines.step
      let values = scratch[position]
      for line in 0..<lineCount { target[line * lines.lineStep] = Float(values[line]) }
    }
  }

  /// Filters eight lines of two or more samples in place.
  private static func filterLine(_ c: UnsafeMutableBufferPointer<SIMD8<Double>>) {
    let z = pole
    let n = c.count
    let gain = (1 - z) * (1 - 1 / z)
    for i in 0..<n { c[i] *= gain }
    // The mirrored geometric series; terms below 1e-17 of the first cannot change the sum.
    var farPower = 1.0
    for _ in 1..<n { farPower *= z }
    var sum = c[0] + farPower * c[n - 1]
    var power = z
    for i in 1..<(n - 1) {
      if abs(power) < 1e-17 { break }
      sum += power * (c[i] + farPower * c[n - 1 - i])
      power *= z
    }
    c[0] = sum / (1 - farPower * farPower)
    for i in 1..<n { c[i] += z * c[i - 1] }
    c[n - 1] = (z * c[n - 2] + c[n - 1]) * (z / (z * z - 1))
    for i in stride(from: n - 2, through: 0, by: -1) { c[i] = z * (c[i + 1] - c[i]) }
  }
}
