import Files
import FusedInference
import Volumes
import Workers

/// The image of another contrast that a multimodal model takes.
enum GuideVolume {
  /// Voxels of the target, beyond which a guide does not lie on it.
  private static let tolerance = 0.05

  /// Reads the guide, which has to lie on the target's grid, or is interpolated there.
  ///
  /// - Parameters:
  ///   - path: The file; its first frame counts.
  ///   - target: The result's grid.
  ///   - resamples: Whether it is interpolated by its affine where it lies elsewhere.
  ///   - normalisation: What becomes of its intensities.
  ///   - pool: Interpolates.
  ///   - console: Gets the warnings.
  /// - Returns: The guide on the target's grid.
  /// - Throws: If it cannot be read, lies elsewhere, or has no intensity above 0 where that is needed.
  static func read(
    _ path: String, on target: Grid, resamples: Bool, normalisation: Normalisation,
    pool: WorkerPool, console: Console
  ) throws(Failure) -> GuideImage {
    let (reader, volume) = try Failure.of { () throws(VolumeError) in
      let reader = try VolumeReader(path: path)
      let volume = try reader.readFrame(0, nonFinite: .refuse)
      try reader.finish()
      return (reader, volume)
    }
    reader.notices.forEach(console.warn)
    var voxels = volume.voxels
    let grid = volume.grid
    let distance = grid.fieldOfViewDistance(to: target)
    if grid.size != target.size || distance > tolerance * target.affine.columnNorms.min() {
      guard resamples else {
        throw Failure(
          .guideElsewhere(
            path: path, size: grid.size, target: target.size, millimetres: distance))
      }
      voxels = try resampled(volume, on: target, path: path, pool: pool, console: console)
    }
    let intensity = IntensityMap.measured(normalisation, voxels: voxels)
    try checkIntensity(normalisation, voxels: voxels, path: path)
    return GuideImage(voxels: voxels, intensity: intensity)
  }

  /// A model whose intensities are divided by the largest cannot take a volume without one above 0.
  static func checkIntensity(
    _ normalisation: Normalisation, voxels: [Float], path: String
  ) throws(Failure) {
    guard normalisation == .maximum else { return }
    let largest = IntensityRange(ofFinite: voxels)?.high ?? 0
    guard largest > 0 else { throw Failure(.noPositiveIntensity(path: path, largest: largest)) }
  }

  private static func resampled(
    _ volume: Volume, on target: Grid, path: String, pool: WorkerPool, console: Console
  ) throws(Failure) -> [Float] {
    var plan: SamplingPlan
    do throws(GridError) {
      plan = try volume.grid.target(.like(target))
    } catch {
      var failure = Failure(error)
      failure.subject = path
      throw failure
    }
    if plan.outsideCount > 0 {
      console.warn(
        Notice(
          code: "volume.overlap", subject: path,
          message: "the guide does not cover \(plan.outsideCount) voxels of the result (0 there)"))
    }
    let sampling = PreparedSampling(plan.sampling, inputSize: volume.grid.size, method: .cubic)
    return Interpolator(voxels: volume.voxels, sampling: sampling, pool: pool)
      .interpolated(pool: pool)
  }
}
