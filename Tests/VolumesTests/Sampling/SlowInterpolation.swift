import Foundation
import RandomNumbers
import Volumes

/// The definitions in double precision, one point at a time, without any table or recursion.
///
/// B-spline coefficients come from the tridiagonal system that says "the spline passes through the
/// samples", not from the recursive filter of the code under test.
struct SlowInterpolation {
  let size: SIMD3<Int>
  let method: InterpolationMethod
  private let values: [Double]

  /// `voxels` is `[k][j][i]`.
  init(voxels: [Float], size: SIMD3<Int>, method: InterpolationMethod) {
    self.size = size
    self.method = method
    var values = voxels.map(Double.init)
    if method == .cubic {
      let strides = [1, size.x, size.x * size.y]
      for axis in 0..<3 {
        for start in values.indices
        where (start / strides[axis]) % size[axis] == 0 {
          let line = (0..<size[axis]).map { values[start + $0 * strides[axis]] }
          for (index, coefficient) in Self.coefficients(line).enumerated() {
            values[start + index * strides[axis]] = coefficient
          }
        }
      }
    }
    self.values = values
  }

  func value(at u: SIMD3<Double>) -> Double {
    let taps = (0..<3).map { terms(u[$0], size[$0]) }
    var total = 0.0
    for (k, weightK) in taps[2] {
      for (j, weightJ) in taps[1] {
        for (i, weightI) in taps[0] {
          total += weightK * weightJ * weightI * values[i + size.x * (j + size.y * k)]
        }
      }
    }
    return total
  }

  /// Voxel and weight of every term along one axis.
  private func terms(_ u: Double, _ n: Int) -> [(Int, Double)] {
    func clamped(_ index: Int) -> Int { min(max(index, 0), n - 1) }
    switch method {
    case .nearest:
      return [(clamped(Int(floor(u + 0.5))), 1)]
    case .linear:
      let x = min(max(u, 0), Double(n - 1))
      return (0..<n).compactMap { tap in
        let weight = 1 - abs(x - Double(tap))
        return weight > 0 ? (tap, weight) : nil
      }
    case .cubic:
      return (Int(floor(u)) - 2...Int(floor(u)) + 3).map { tap in
        (Self.mirrored(tap, n), Self.cubicKernel(u - Double(tap)))
      }
    case .quadratic:
      return (Int(floor(u)) - 1...Int(floor(u)) + 2).map { tap in
        (Self.mirrored(tap, n), Self.quadraticKernel(u - Double(tap)))
      }
    case .lanczos3:
      let taps = (Int(floor(u)) - 2...Int(floor(u)) + 3).map { tap -> (Int, Double) in
        let d = u - Double(tap)
        let x = Double.pi * d
        let weight = d == 0 ? 1 : abs(d) >= 3 ? 0 : 3 * sin(x) * sin(x / 3) / (x * x)
        return (clamped(tap), weight)
      }
      let sum = taps.reduce(0) { $0 + $1.1 }
      return taps.map { ($0.0, $0.1 / sum) }
    }
  }

  private static func quadraticKernel(_ x: Double) -> Double {
    let a = abs(x)
    if a < 0.5 { return 0.75 - a * a }
    return a < 1.5 ? (1.5 - a) * (1.5 - a) / 2 : 0
  }

  private static func cubicKernel(_ x: Double) -> Double {
    let a = abs(x)
    if a < 1 { return 2.0 / 3 - a * a + a * a * a / 2 }
    return a < 2 ? (2 - a) * (2 - a) * (2 - a) / 6 : 0
  }

  /// Walks like a ball between two walls at 0 and n - 1.
  private static func mirrored(_ index: Int, _ n: Int) -> Int {
    guard n > 1 else { return 0 }
    var position = index
    while position < 0 || position > n - 1 {
      if position < 0 { position = -position }
      if position > n - 1 { position = 2 * (n - 1) - position }
    }
    return position
  }

  /// Solves (c[i-1] + 4 c[i] + c[i+1]) / 6 = f[i] with mirrored ends by elimination.
  private static func coefficients(_ samples: [Double]) -> [Double] {
    let n = samples.count
    guard n > 1 else { return samples }
    var upper = [Double](repeating: 1, count: n)
    upper[0] = 2
    var lower = [Double](repeating: 1, count: n)
    lower[n - 1] = 2
    var diagonal = [Double](repeating: 4, count: n)
    var right = samples.map { 6 * $0 }
    for i in 1..<n {
      let factor = lower[i] / diagonal[i - 1]
      diagonal[i] -= factor * upper[i - 1]
      right[i] -= factor * right[i - 1]
    }
    var result = right
    result[n - 1] = right[n - 1] / diagonal[n - 1]
    for i in stride(from: n - 2, through: 0, by: -1) {
      result[i] = (right[i] - upper[i] * result[i + 1]) / diagonal[i]
    }
    return result
  }
}

/// Smooth structure plus noise, `[k][j][i]`, between about 0 and 1.
func testVolume(_ size: SIMD3<Int>, seed: UInt64 = 1) -> [Float] {
  var generator = SplitMix64(seed: seed)
  var voxels: [Float] = []
  for k in 0..<size.z {
    for j in 0..<size.y {
      for i in 0..<size.x {
        let wave = sin(0.7 * Double(i)) * cos(0.5 * Double(j)) + sin(0.3 * Double(k * i))
        voxels.append(Float(0.5 + 0.15 * wave) + Float.random(in: -0.2...0.2, using: &generator))
      }
    }
  }
  return voxels
}
