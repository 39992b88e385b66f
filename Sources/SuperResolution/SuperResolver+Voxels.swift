import Files
import FusedInference
import Volumes
import Workers

extension SuperResolver {
  /// Computes the voxels of a plan.
  ///
  /// - Parameters:
  ///   - volume: The input.
  ///   - plan: Of its grid, from ``plan(_:to:)``.
  ///   - settings: How the result is made.
  ///   - monitor: Tells how far the work is, and may cancel it from any thread.
  ///   - result: Receives the voxels of `plan.grid`, i fastest.
  ///   - deviations: Receives the standard deviations of the error that is to be expected, made of the
  ///     spread over an ensemble, which is one of mirrorings where the settings name none, by the model's
  ///     calibration; nil: they are not wanted.
  /// - Returns: What the user should know.
  /// - Throws: If the memory limit is too small, the model does not take a setting, or the work was
  ///   cancelled.
  @discardableResult
  public func upsample(
    _ volume: Volume, by plan: SamplingPlan, settings: UpsampleSettings,
    monitor: UpsampleMonitor, into result: UnsafeMutableBufferPointer<Float>,
    deviations: UnsafeMutableBufferPointer<Float>? = nil
  ) throws(SuperResolutionError) -> [Notice] {
    var settings = settings
    if deviations != nil, settings.ensemble == .none { settings.ensemble = .mirrorings }
    try settings.check()
    try SuperResolutionError.of { try model.network.check(settings.networkOptions) }
    let volume = try settings.usable(volume)
    let receiver = try PlaneReceiver(result, count: plan.grid.voxelCount)
    let guide = try guide(settings, on: plan.grid)
    let options = Upsampler.Options(
      memoryLimit: computer.memoryLimit, held: held(settings, volume.grid, plan.grid, deviations),
      blur: settings.blur, spacing: volume.grid.spacing,
      intensity: try intensity(settings, of: volume),
      output: try settings.output(for: volume, isExact: isExact), guide: guide)
    try SuperResolutionError.of {
      guard settings.ensemble == .none else {
        return try ensemble(
          volume, by: plan, permutes: settings.ensemble == .permutations, options: options,
          monitor: monitor, into: receiver, deviations: deviations)
      }
      _ = try upsampler.planned(
        inputSize: volume.grid.size, sampling: plan.sampling, options: options
      ).run(volume.voxels, options: options, monitor: monitor, sink: receiver.append)
    }
    return [guide?.notice(subject: "guide")].compactMap { $0 }
  }

  /// Computes the input in all ways and hands on the mean.
  private func ensemble(
    _ volume: Volume, by plan: SamplingPlan, permutes: Bool, options: Upsampler.Options,
    monitor: UpsampleMonitor, into receiver: PlaneReceiver,
    deviations: UnsafeMutableBufferPointer<Float>?
  ) throws {
    let runs = try UpsampleEnsemble(
      upsampler, permutes: permutes, grid: volume.grid, sampling: plan.sampling, options: options)
    let sum = try EnsembleSum(count: plan.grid.voxelCount, hasSpread: deviations != nil)
    monitor.expect(runs: runs.count)
    _ = try runs.run(volume, options: options, into: sum) { _ in monitor }
    receiver.append(UnsafeBufferPointer(sum.mean.elements))
    let calibration = UncertaintyCalibration(model.card, from: volume.grid, to: plan.grid)
    guard let deviations, let errors = calibration.expectedErrors(sum, of: volume.voxels)
    else { return }
    try PlaneReceiver(deviations, count: plan.grid.voxelCount)
      .append(UnsafeBufferPointer(errors.elements))
  }

  private func intensity(
    _ settings: UpsampleSettings, of volume: Volume
  ) throws(SuperResolutionError) -> IntensityMap {
    let normalisation = settings.normalisation ?? model.normalisation
    try SuperResolutionError.of {
      try GuideImage.checkIntensities(normalisation, voxels: volume.voxels, isGuide: false)
    }
    return .measured(normalisation, voxels: volume.voxels)
  }

  private func guide(
    _ settings: UpsampleSettings, on grid: Grid
  ) throws(SuperResolutionError) -> GuideImage? {
    guard let guide = settings.guide else { return nil }
    let count = guide.unusableCount
    guard count == 0 else { throw .notFinite(count: count, of: guide.voxels.count) }
    return try SuperResolutionError.of {
      try GuideImage(
        guide, on: grid, resamples: settings.resamplesGuide,
        normalisation: settings.normalisation ?? model.normalisation, pool: computer.pool)
    }
  }

  /// What an ensemble holds beside its runs: mean, spread, and the turned input.
  private func held(
    _ settings: UpsampleSettings, _ input: Grid, _ target: Grid,
    _ deviations: UnsafeMutableBufferPointer<Float>?
  ) -> HeldMemory {
    guard settings.ensemble != .none else { return HeldMemory() }
    let results = (deviations == nil ? 1 : 2) * target.voxelCount
    return HeldMemory(bytes: (results + input.voxelCount) * MemoryLayout<Float>.size)
  }
}
