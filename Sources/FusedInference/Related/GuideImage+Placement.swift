import Files
import Volumes
import Workers

extension GuideImage {
  /// A guide on the target's grid, on which it has to lie, or is interpolated there.
  ///
  /// - Parameters:
  ///   - volume: The image of another contrast.
  ///   - target: The result's grid.
  ///   - resamples: Whether it is interpolated by its affine where it lies elsewhere.
  ///   - normalisation: What becomes of its intensities.
  ///   - pool: Interpolates.
  /// - Throws: ``InferenceError/guideElsewhere(size:target:millimetres:)``,
  ///   ``InferenceError/guideGrid(_:)``, or what ``checkIntensities(_:voxels:isGuide:)`` throws.
  public init(
    _ volume: Volume, on target: Grid, resamples: Bool, normalisation: Normalisation,
    pool: WorkerPool
  ) throws(InferenceError) {
    try Self.checkPlace(of: volume.grid, on: target, resamples: resamples)
    var (voxels, uncovered) = (volume.voxels, 0)
    if !Self.lies(volume.grid, on: target) {
      (voxels, uncovered) = try Self.resampled(volume, on: target, pool: pool)
    }
    try Self.checkIntensities(normalisation, voxels: voxels, isGuide: true)
    self.init(
      voxels: voxels, intensity: .measured(normalisation, voxels: voxels),
      uncoveredCount: uncovered)
  }

  /// A guide that is not interpolated has to lie on the target's grid.
  ///
  /// - Throws: ``InferenceError/guideElsewhere(size:target:millimetres:)``.
  public static func checkPlace(
    of grid: Grid, on target: Grid, resamples: Bool
  ) throws(InferenceError) {
    guard resamples || lies(grid, on: target) else {
      throw .guideElsewhere(
        size: grid.size, target: target.size, millimetres: grid.fieldOfViewDistance(to: target))
    }
  }

  /// Bytes that a guide takes until it is on the target's grid, its own voxels included.
  public static func peakBytes(of grid: Grid, on target: Grid) -> Int {
    // It is interpolated from coefficients beside its voxels.
    let count = lies(grid, on: target) ? grid.voxelCount : 2 * grid.voxelCount + target.voxelCount
    return count * MemoryLayout<Float>.size
  }

  private static func lies(_ grid: Grid, on target: Grid) -> Bool {
    grid.size == target.size && target.coincides(with: grid)
  }

  /// A network whose intensities are divided by the largest cannot take a volume without one above 0.
  ///
  /// - Throws: ``InferenceError/noPositiveIntensity(largest:isGuide:)``.
  public static func checkIntensities(
    _ normalisation: Normalisation, voxels: [Float], isGuide: Bool
  ) throws(InferenceError) {
    guard normalisation == .maximum else { return }
    let largest = IntensityRange(ofFinite: voxels)?.high ?? 0
    guard largest > 0 else { throw .noPositiveIntensity(largest: largest, isGuide: isGuide) }
  }

  /// What the user should know of a guide that was interpolated.
  ///
  /// - Parameter subject: The guide's file or argument.
  /// - Returns: nil where it covers the result.
  public func notice(subject: String) -> Notice? {
    guard uncoveredCount > 0 else { return nil }
    return Notice(
      code: "volume.overlap", subject: subject,
      message: "the guide does not cover \(uncoveredCount) voxels of the result (0 there)")
  }

  private static func resampled(
    _ volume: Volume, on target: Grid, pool: WorkerPool
  ) throws(InferenceError) -> (voxels: [Float], uncovered: Int) {
    let plan: SamplingPlan
    do throws(GridError) {
      plan = try volume.grid.target(.like(target))
    } catch {
      throw .guideGrid(error)
    }
    let sampling = PreparedSampling(plan.sampling, inputSize: volume.grid.size, method: .cubic)
    let voxels = Interpolator(voxels: volume.voxels, sampling: sampling, pool: pool)
      .interpolated(pool: pool)
    return (voxels, plan.outsideCount)
  }
}
