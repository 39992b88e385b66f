import Glibc
import Volumes
import Workers

/// The high-frequency error norm (HFEN): the norm of the difference over the norm of the reference,
/// both filtered by a Laplacian of a Gaussian of 15 x 15 x 15 voxels and standard deviation 1.5.
///
/// Beyond the outer voxels the volumes are mirrored at their faces.
public struct HighFrequencyError: Sendable, Equatable {
  /// The ratio of the norms for each mask; NaN if the filtered reference is 0 there, or a voxel of the
  /// volumes is not finite.
  public let ratios: [Double]
  /// The norms of the filtered difference.
  public let errorNorms: [Double]
  /// Voxels of the volumes at which one of them is not finite.
  public let nonFiniteCount: Int

  /// Compares two volumes.
  ///
  /// - Parameters:
  ///   - pair: The images.
  ///   - masks: A ratio for each: nonzero where filtered voxels count, or nil for all.
  ///   - pool: Shares the planes; its size changes no result.
  /// - Throws: ``ComparisonError/unlikeCounts(image:reference:)`` if a mask is of another size.
  public init(
    _ pair: ImagePair, masks: [[UInt8]?] = [nil], pool: WorkerPool
  ) throws(ComparisonError) {
    try pair.check(masks)
    nonFiniteCount = pair.nonFiniteCount(pool: pool)
    guard nonFiniteCount == 0 else {
      ratios = masks.map { _ in .nan }
      errorNorms = ratios
      return
    }
    let errors = Self.squares(pair, .difference, masks, pool)
    let references = Self.squares(pair, .reference, masks, pool)
    errorNorms = errors.map { $0.x.squareRoot() }
    let largest = pair.reference.reduce(0) { max($0, abs($1)) }
    // About 100 roundings of values up to the largest: what is left of a constant is no signal.
    let rounding = 100 * Double.ulpOfOne * Double(largest)
    ratios = zip(errors, references).map { error, reference in
      guard reference.x > reference.y * rounding * rounding else { return .nan }
      return (error.x / reference.x).squareRoot()
    }
  }

  /// Per mask the sum of the squares of a filtered volume, and how many there are.
  private static func squares(
    _ pair: ImagePair, _ subject: LaplacianPlane.Subject, _ masks: [[UInt8]?], _ pool: WorkerPool
  ) -> [SIMD2<Double>] {
    let kernel = LaplacianOfGaussian()
    let planes = pool.map(pair.size.z) { plane in
      LaplacianPlane(pair, subject, plane: plane, kernel: kernel).squares(masks)
    }
    return masks.indices.map { index in
      planes.reduce(SIMD2<Double>.zero) { $0 + $1[index] }
    }
  }
}

/// The kernel, as sums of products of three lines: along one axis ``curvature`` and along the others
/// ``smooth``, for each axis, less ``mean`` times a box.
struct LaplacianOfGaussian: Sendable {
  static let radius = 7
  static let taps = 2 * radius + 1
  private static let sigma = 1.5

  /// The Gaussian, with sum 1.
  let smooth: [Double]
  /// (q^2 - sigma^2) / sigma^4 times the Gaussian.
  let curvature: [Double]
  /// The mean over all taps, which is taken off.
  let mean: Double

  init() {
    let variance = Self.sigma * Self.sigma
    let squares = (-Self.radius...Self.radius).map { Double($0 * $0) }
    let shape = squares.map { exp(-$0 / (2 * variance)) }
    let sum = shape.reduce(0, +)
    smooth = shape.map { $0 / sum }
    curvature = zip(smooth, squares).map { $0 * ($1 - variance) / (variance * variance) }
    mean = 3 * curvature.reduce(0, +) / Double(Self.taps * Self.taps * Self.taps)
  }

  /// The weight at an offset from the centre.
  func weight(_ x: Int, _ y: Int, _ z: Int) -> Double {
    let (i, j, k) = (x + Self.radius, y + Self.radius, z + Self.radius)
    return curvature[i] * smooth[j] * smooth[k] + smooth[i] * curvature[j] * smooth[k]
      + smooth[i] * smooth[j] * curvature[k] - mean
  }
}
