import FusedInference
import Volumes

extension Computer {
  /// Plans where the voxels of a result lie.
  ///
  /// - Parameters:
  ///   - grid: The input's size and place.
  ///   - target: The wish.
  /// - Returns: The result's grid, and what the user should know.
  /// - Throws: If the wish has no sense, or is coarser than the input.
  public static func plan(
    _ grid: Grid, to target: TargetRequest
  ) throws(SuperResolutionError) -> SamplingPlan {
    try SuperResolutionError.of { try grid.target(target) }
  }

  /// Interpolates a volume in place of a model, for comparison: the same grids and settings.
  ///
  /// - Parameters:
  ///   - volume: The input.
  ///   - method: The formula.
  ///   - plan: Of the input's grid.
  ///   - settings: Clipping and mask; the others are of models.
  ///   - monitor: Tells how far the work is, and may cancel it from any thread.
  ///   - result: Receives the voxels of `plan.grid`, i fastest.
  /// - Throws: If the memory limit is too small, or the work was cancelled.
  public func interpolate(
    _ volume: Volume, by method: InterpolationMethod, plan: SamplingPlan,
    settings: UpsampleSettings = UpsampleSettings(), monitor: UpsampleMonitor = UpsampleMonitor(),
    into result: UnsafeMutableBufferPointer<Float>
  ) throws(SuperResolutionError) {
    let volume = try settings.usable(volume)
    let output = try settings.output(for: volume, isExact: false)
    let receiver = try PlaneReceiver(result, count: plan.grid.voxelCount)
    try SuperResolutionError.of {
      _ = try Interpolation.plan(
        method, inputSize: volume.grid.size, sampling: plan.sampling, output: output,
        memoryLimit: memoryLimit)
      _ = try Interpolation.run(
        method, voxels: volume.voxels, inputSize: volume.grid.size, sampling: plan.sampling,
        output: output, pool: pool, monitor: monitor, sink: receiver.append)
    }
  }
}
