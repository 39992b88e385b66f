import Glibc
import Workers

/// `2 sqrt(2 ln 2)`: the full width at half maximum of a Gaussian over its standard deviation.
package let widthPerDeviation = 2.354820045030949

/// Divides a known blur out of a volume: one regularised filter per axis, over whole lines.
///
/// A Gaussian of full width at half maximum `w` voxels damps a wave of `f` cycles per voxel by
///
///     H(f) = exp(-2 (pi sigma f)^2),  sigma = w / (2 sqrt(2 ln 2))
///
/// and the filter multiplies it by
///
///     G(f) = (1 + lambda) H / (H^2 + lambda)
///
/// which is 1 for f = 0, exactly 1 / H for lambda = 0, and at most (1 + lambda) / (2 sqrt(lambda))
/// otherwise, so that noise is not amplified without bounds. A line of n voxels is mirrored at its
/// outer centres, as for cubic interpolation, which makes it periodic in 2n - 2 voxels; the filter is
/// the sum over the whole line with the weights that belong to G at its n frequencies. Nothing is cut
/// off: weights fall like 1 / distance^2 only, because G has a kink at half a cycle per voxel.
public struct Deconvolution: Sendable, Equatable {
  /// The version of this rule; models name the one that they were trained with.
  public static let version = 1

  /// The widths of a blur, FWHM over spacing, that the rule is made for.
  public static let widths = 0.0...10.0

  /// Whether the rule is made for these widths along i, j, k.
  public static func takes(_ widths: SIMD3<Double>) -> Bool {
    (0..<3).allSatisfy { Self.widths.contains(widths[$0]) }
  }

  /// How much is held back where hardly anything is left of a wave; 0: nothing.
  public let lambda: Double

  /// A rule with `lambda`, 0 or more.
  public init(lambda: Double) {
    precondition(lambda >= 0, "lambda: \(lambda)")
    self.lambda = lambda
  }

  /// What a wave is multiplied by.
  ///
  /// - Parameters:
  ///   - frequency: Cycles per voxel, 0 to 1/2.
  ///   - width: FWHM of the blur in voxels, 0 to 10.
  /// - Returns: 1 for a constant.
  public func gain(frequency: Double, width: Double) -> Double {
    let exponent = Double.pi * width / widthPerDeviation * frequency
    let damping = exp(-2 * exponent * exponent)
    return (1 + lambda) * damping / (damping * damping + lambda)
  }

  /// By how much the standard deviation of white noise grows along one axis: the root of the mean
  /// square of the gain.
  ///
  /// - Parameter width: FWHM of the blur in voxels, 0 to 10.
  /// - Returns: 1 for no blur.
  public func noiseGain(width: Double) -> Double {
    // Midpoints; gains are smooth.
    let count = 256
    let sum = (0..<count).reduce(0) { sum, index in
      let gain = gain(frequency: (Double(index) + 0.5) / Double(2 * count), width: width)
      return sum + gain * gain
    }
    return (sum / Double(count)).squareRoot()
  }

  /// Filters `voxels` (`[k][j][i]` of `size`) in place, one axis after the other.
  ///
  /// Along a line arithmetic is double; between axes values are float32. Lines are independent, so the
  /// result is the same bytes for any number of workers. An axis of width 0, or of one voxel, stays as
  /// it is, bit for bit.
  ///
  /// - Parameters:
  ///   - voxels: All finite, because one that is not spreads over lines.
  ///   - size: Voxels along i, j, k.
  ///   - widths: FWHM over spacing along i, j, k, each within ``widths``.
  ///   - pool: Shares the lines.
  /// - Complexity: Half as many multiply-adds per voxel and axis as the axis has voxels: less than a
  ///   thousandth of a network's.
  public func apply(
    to voxels: inout [Float], size: SIMD3<Int>, widths: SIMD3<Double>, pool: WorkerPool
  ) {
    precondition(
      voxels.count == size.x * size.y * size.z, "voxels: \(voxels.count), size: \(size)")
    precondition(Self.takes(widths), "widths: \(widths)")
    voxels.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for axis in 0..<3 where widths[axis] > 0 && size[axis] > 1 {
        let filter = MirroredLineFilter(length: size[axis]) { frequency in
          gain(frequency: frequency, width: widths[axis])
        }
        let pass = LinePass(
          size: size, axis: axis, outputLength: size[axis], scratchLength: 2 * size[axis])
        pass.run(from: base, to: base, pool: pool) { line, _ in
          filter.apply(to: line)
          return 0
        }
      }
    }
  }
}
