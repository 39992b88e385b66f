import Workers

/// Turns samples into the coefficients of the B-spline through them.
///
/// The recursive filter of Unser, Aldroubi and Eden (IEEE Trans. Signal Processing 41:821, 1993),
/// applied along each axis in turn. A line is filtered in double; between axes values are float32.
/// Against an all-double filter the error is about 2e-7 of the data's range.
package enum BSplinePrefilter {
  /// The filter's pole for splines of order 2 or 3.
  package static func pole(order: Int) -> Double {
    precondition(order == 2 || order == 3, "order: \(order)")
    return order == 2 ? Double(8).squareRoot() - 3 : Double(3).squareRoot() - 2
  }

  /// Filters `voxels` (`[k][j][i]` of `size`) in place along the axes for which `along` is true, for
  /// cubic splines that are mirrored at the outer centres.
  ///
  /// Lines are independent, so the result is the same for any number of workers.
  package static func apply(
    to voxels: inout [Float], size: SIMD3<Int>, along: [Bool], pool: WorkerPool
  ) {
    voxels.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for axis in 0..<3 where along[axis] && size[axis] > 1 {
        let pass = LinePass(
          size: size, axis: axis, outputLength: size[axis], scratchLength: size[axis])
        pass.run(from: base, to: base, pool: pool) { line, _ in
          filter(line, pole: pole(order: 3), edge: .mirror)
          return 0
        }
      }
    }
  }

  /// Filters eight lines in place; one of a single sample stays.
  package static func filter(_ c: LinePass.Line, pole z: Double, edge: SplineEdge) {
    let n = c.count
    guard n > 1 else { return }
    let gain = (1 - z) * (1 - 1 / z)
    for i in 0..<n { c[i] *= gain }
    switch edge {
    case .mirror: c[0] = mirroredStart(c, z)
    case .reflect: c[0] = reflectedStart(c, z)
    }
    for i in 1..<n { c[i] += z * c[i - 1] }
    switch edge {
    case .mirror: c[n - 1] = (z * c[n - 2] + c[n - 1]) * (z / (z * z - 1))
    case .reflect: c[n - 1] *= z / (z - 1)
    }
    for i in stride(from: n - 2, through: 0, by: -1) { c[i] = z * (c[i + 1] - c[i]) }
  }

  /// The mirrored geometric series; terms below 1e-17 of the first cannot change the sum.
  private static func mirroredStart(_ c: LinePass.Line, _ z: Double) -> SIMD8<Double> {
    let n = c.count
    var farPower = 1.0
    for _ in 1..<n { farPower *= z }
    var sum = c[0] + farPower * c[n - 1]
    var power = z
    for i in 1..<(n - 1) {
      if abs(power) < 1e-17 { break }
      sum += power * (c[i] + farPower * c[n - 1 - i])
      power *= z
    }
    return sum / (1 - farPower * farPower)
  }

  private static func reflectedStart(_ c: LinePass.Line, _ z: Double) -> SIMD8<Double> {
    let n = c.count
    var farPower = 1.0
    for _ in 0..<n { farPower *= z }
    var sum = c[0] + farPower * c[n - 1]
    var power = z
    for i in 1..<n {
      if abs(power) < 1e-17 { break }
      sum += power * (c[i] + farPower * c[n - 1 - i])
      power *= z
    }
    return c[0] + sum * (z / (1 - farPower * farPower))
  }
}
