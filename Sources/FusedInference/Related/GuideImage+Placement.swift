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
    var (voxels, uncovered) = (volume.voxels, 0)
    let grid = volume.grid
    if grid.size != target.size || !target.coincides(with: grid) {
      guard resamples else {
        throw .guideElsewhere(
          size: grid.size, target: target.size, millimetres: grid.fieldOfViewDistance(to: target))
      }
      (voxels, uncovered) = try Self.resampled(volume, on: target, pool: pool)
    }
    try Self.checkIntensities(normalisation, voxels: voxels, isGuide: true)
    self.init(
      voxels: voxels, intensity: .measured(normalisation, voxels: voxels),
      uncoveredCount: uncovered)
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
