import Glibc
import KernelInterface
import Workers

/// The structural similarity (SSIM) of two volumes, with 3D windows, in double.
///
/// As `skimage.metrics.structural_similarity`: local means, variances (over one less than the voxels
/// of the window) and covariance, C1 = (0.01 R)^2 and C2 = (0.03 R)^2, and the mean of the map over
/// the voxels whose window lies inside the volume.
public struct StructuralSimilarity: Sendable, Equatable {
  /// How the voxels of a window are weighted.
  public enum Window: String, Sendable, CaseIterable {
    /// 7 x 7 x 7 equal weights.
    case uniform
    /// A Gaussian of standard deviation 1.5 voxels, cut at 5 voxels.
    case gaussian

    /// Along one axis, with sum 1.
    var weights: [Double] {
      switch self {
      case .uniform: return [Double](repeating: 1 / 7, count: 7)
      case .gaussian:
        let shape = (-5...5).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
        let sum = shape.reduce(0, +)
        return shape.map { $0 / sum }
      }
    }

    /// Looks whether the window fits into a volume.
    ///
    /// - Parameter size: Voxels along i, j, k.
    /// - Throws: ``ComparisonError/volumeTooSmall(axis:size:window:)`` if an axis is shorter.
    public func check(_ size: SIMD3<Int>) throws(ComparisonError) {
      let count = weights.count
      for axis in 0..<3 where size[axis] < count {
        throw .volumeTooSmall(axis: axis, size: size[axis], window: count)
      }
    }
  }

  /// The mean of the map over each mask's voxels inside; NaN if there is none, R is 0, or a voxel of
  /// the volumes is not finite.
  public let means: [Double]
  /// The data range R.
  public let range: Double
  /// Voxels of the volumes at which one of them is not finite.
  public let nonFiniteCount: Int

  /// Compares two volumes.
  ///
  /// - Parameters:
  ///   - pair: The images.
  ///   - masks: A mean for each: nonzero where voxels count, or nil for all.
  ///   - window: The weights.
  ///   - range: R; nil for max - min of all voxels of the reference.
  ///   - kernels: Compute the map.
  ///   - pool: Shares the planes; its size changes no result.
  /// - Throws: ``ComparisonError`` if an axis is shorter than the window, a mask of another size, or the
  ///   system refuses memory.
  public init(
    _ pair: ImagePair, masks: [[UInt8]?] = [nil], window: Window = .uniform, range: Double? = nil,
    kernels: KernelTable, pool: WorkerPool
  ) throws(ComparisonError) {
    try pair.check(masks)
    try window.check(pair.size)
    let weights = window.weights
    let range = range ?? pair.referenceRange(pool: pool)
    let nonFinite = pair.nonFiniteCount(pool: pool)
    self.range = range
    nonFiniteCount = nonFinite
    guard nonFinite == 0, range > 0 else {
      means = masks.map { _ in .nan }
      return
    }
    var workers: [SimilarityPlane] = []
    do throws(WorkersError) {
      for _ in 0..<pool.workerCount {
        workers.append(
          try SimilarityPlane(pair, weights: weights, range: range, kernels: kernels))
      }
    } catch {
      throw .memory(error)
    }
    let planes = pool.map(pair.size.z - weights.count + 1) { plane, worker in
      workers[worker].sums(plane: plane, masks)
    }
    means = masks.indices.map { index in
      let total = planes.reduce(SIMD2<Double>.zero) { $0 + $1[index] }
      return total.x / total.y
    }
  }
}
