import Glibc

/// A fixed formula for values between voxels.
///
/// Coordinates are in voxels, integers are centres. No method clips its over- and undershoot.
public enum InterpolationMethod: String, Sendable, CaseIterable {
  /// The voxel `floor(u + 1/2)`: half-way points go up. Edge: the nearest voxel.
  case nearest
  /// Two taps; u is limited to the voxel centres first. Edge: the nearest voxel.
  case linear
  /// The cubic B-spline through the samples: four taps on prefiltered coefficients. Edge:
  /// mirrored at the centres of the first and the last voxel.
  case cubic
  /// The quadratic B-spline on the samples themselves, three taps: a smoothed copy, which is what
  /// gradient filters were learned on. Edge: as ``cubic``.
  case quadratic
  /// Six taps of sinc(d) sinc(d / 3), divided by their sum. Edge: the nearest voxel.
  case lanczos3

  /// The methods that leave voxels as they are, which is what interpolation means; all but
  /// ``quadratic``.
  public static let allCases: [InterpolationMethod] = [.nearest, .linear, .cubic, .lanczos3]

  /// Taps per axis.
  var tapCount: Int {
    switch self {
    case .nearest: 1
    case .linear: 2
    case .cubic: 4
    case .quadratic: 3
    case .lanczos3: 6
    }
  }

  /// Whether the value at a voxel's centre is the voxel.
  var keepsVoxels: Bool { Self.allCases.contains(self) }

  /// Taps that may lie before voxel 0 or behind the last, for points in the field of view.
  static let reach = 3

  /// The taps of a point along one axis.
  ///
  /// - Parameters:
  ///   - u: A coordinate in the field of view of the axis.
  ///   - size: Voxels of the axis.
  /// - Returns: The first tap, which may lie outside the axis, and the weights of ``tapCount`` taps
  ///   from there on.
  package func taps(at u: Double, size: Int) -> (first: Int, weights: SIMD8<Double>) {
    var weights = SIMD8<Double>.zero
    switch self {
    case .nearest:
      weights[0] = 1
      return (min(max(Int((u + 0.5).rounded(.down)), 0), size - 1), weights)
    case .linear:
      let clamped = min(max(u, 0), Double(size - 1))
      let base = clamped.rounded(.down)
      weights[0] = 1 - (clamped - base)
      weights[1] = clamped - base
      return (Int(base), weights)
    case .cubic:
      let base = u.rounded(.down)
      let t = u - base
      let s = 1 - t
      weights[0] = s * s * s / 6
      weights[1] = (3 * t * t * (t - 2) + 4) / 6
      weights[2] = (3 * s * s * (s - 2) + 4) / 6
      weights[3] = 1 - weights[0] - weights[1] - weights[2]
      return (Int(base) - 1, weights)
    case .quadratic:
      let base = (u + 0.5).rounded(.down)
      let t = u - base
      weights[0] = (0.5 - t) * (0.5 - t) / 2
      weights[1] = 0.75 - t * t
      weights[2] = (0.5 + t) * (0.5 + t) / 2
      return (Int(base) - 1, weights)
    case .lanczos3:
      let base = u.rounded(.down)
      let first = Int(base) - 2
      var sum = 0.0
      for tap in 0..<6 {
        weights[tap] = Self.lanczosKernel(u - Double(first + tap))
        sum += weights[tap]
      }
      return (first, weights / sum)
    }
  }

  /// The voxel that stands for a tap, inside the axis or not.
  func extended(_ index: Int, size: Int) -> Int {
    if index >= 0, index < size { return index }
    guard self == .cubic || self == .quadratic else { return min(max(index, 0), size - 1) }
    return SplineEdge.mirror.index(index, length: size)
  }

  private static func lanczosKernel(_ d: Double) -> Double {
    guard abs(d) < 3 else { return 0 }
    return sinc(d) * sinc(d / 3)
  }

  private static func sinc(_ v: Double) -> Double {
    v == 0 ? 1 : sin(Double.pi * v) / (Double.pi * v)
  }
}
