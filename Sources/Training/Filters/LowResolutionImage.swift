import Degradation
import Networks
import Volumes
import Workers

/// The LR image of a volume, on the grid of the volume.
package struct LowResolutionImage: Sendable {
  private let settings: FilterLearningSettings

  package init(_ settings: FilterLearningSettings) { self.settings = settings }

  /// Makes it.
  ///
  /// - `interpolation`: quadratic splines without prefilter between the outer voxel centres, down by the
  ///   factor and up again, limited to 0 and the largest intensity.
  /// - `kspace`: the magnitude of the central frequencies.
  ///
  /// - Parameters:
  ///   - voxels: The volume, i fastest.
  ///   - size: Multiples of the factor.
  ///   - largest: Its largest intensity.
  ///   - pool: Shares the work.
  /// - Returns: The image, i fastest.
  /// - Throws: If the system refuses memory or a frequency is left over.
  package func of(
    _ voxels: [Float], size: SIMD3<Int>, largest: Float, pool: WorkerPool
  ) throws(FilterLearningError) -> [Float] {
    switch settings.source {
    case .interpolation: try interpolated(voxels, size: size, largest: largest, pool: pool)
    case .kspace: try bandLimited(voxels, size: size, pool: pool)
    }
  }

  private func interpolated(
    _ voxels: [Float], size: SIMD3<Int>, largest: Float, pool: WorkerPool
  ) throws(FilterLearningError) -> [Float] {
    let request = DegradationRequest(
      .quadratic, .scale(SIMD3(repeating: Double(settings.factor))))
    let (coarse, coarseSize) = try degraded(voxels, size: size, by: request, pool: pool)
    let sampling = PreparedSampling(
      .corners(inputSize: coarseSize, outputSize: size), inputSize: coarseSize,
      method: .quadratic)
    let interpolator = Interpolator(voxels: coarse, sampling: sampling, pool: pool)
    var image = interpolator.interpolated(pool: pool)
    for index in image.indices {
      let isMasked = settings.masksInput && voxels[index] == 0
      image[index] = isMasked ? 0 : min(max(image[index], 0), largest)
    }
    return image
  }

  private func bandLimited(
    _ voxels: [Float], size: SIMD3<Int>, pool: WorkerPool
  ) throws(FilterLearningError) -> [Float] {
    let scale = settings.band == .published ? 3.0 : Double(settings.factor)
    return try degraded(
      voxels, size: size, by: DegradationRequest(.kspaceBox, .scale(SIMD3(repeating: scale))),
      pool: pool
    ).values
  }

  private func degraded(
    _ voxels: [Float], size: SIMD3<Int>, by request: DegradationRequest, pool: WorkerPool
  ) throws(FilterLearningError) -> (values: [Float], size: SIMD3<Int>) {
    do throws(DegradationError) {
      let plan = try Grid(size: size, affine: .identity).degraded(by: request)
      return (try plan.run(voxels, pool: pool).values, plan.grid.size)
    } catch {
      throw .degradation(error)
    }
  }
}
