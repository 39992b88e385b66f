import Degradation
import FusedInference
import Volumes
import Workers

/// Makes the result of a frame as a whole, refines it, and hands it on.
struct WholeFrame {
  let prepared: PreparedUpsampling
  let plan: RefinementPlan
  let output: VolumeOutput
  /// Where the expected errors go.
  let uncertainty: VolumeOutput?

  private var refinement: RefinementRequest { prepared.request.refinement }
  private var pool: WorkerPool { prepared.machine.pool }

  /// Computes a frame.
  ///
  /// - Parameters:
  ///   - volume: The input.
  ///   - number: Of the frame, from 0.
  ///   - intensity: Its intensity map.
  ///   - ticker: Follows the work, and may stop it.
  ///   - outcome: Receives times and agreement.
  /// - Returns: The result as it was written.
  /// - Throws: If the system refuses memory, writing fails, or the run was stopped.
  func run(
    _ volume: Volume, number: Int, intensity: IntensityMap, ticker: ProgressTicker,
    outcome: inout UpsampleOutcome
  ) throws(Failure) -> AlignedBuffer<Float> {
    let sum = try Failure.ofWorkers { () throws(WorkersError) in
      try EnsembleSum(
        count: prepared.target.grid.voxelCount, hasSpread: refinement.uncertainty != nil)
    }
    let timings = try compute(
      volume, number: number, intensity: intensity, ticker: ticker, into: sum)
    outcome.add(timings)
    let background = timings.last?.background?.value
    if let agreement = try measured(sum.mean, volume, background, ticker) {
      outcome.consistency.append(agreement)
    }
    // What back-projection was broken off at looks like any other result.
    if ticker.wasCancelled { throw Failure(InferenceError.cancelled) }
    do {
      try output.append(UnsafeBufferPointer(sum.mean.elements))
      if let uncertainty, let errors = errors(sum, volume) {
        try uncertainty.append(UnsafeBufferPointer(errors.elements))
      }
    } catch {
      throw Failure(caught: error)
    }
    return sum.mean
  }

  /// What goes to the file of uncertainty: expected errors, or the spread itself.
  private func errors(_ sum: EnsembleSum, _ volume: Volume) -> AlignedBuffer<Float>? {
    guard let calibration = prepared.calibration else { return sum.standardDeviations() }
    return calibration.expectedErrors(sum, of: volume.voxels)
  }

  private func compute(
    _ volume: Volume, number: Int, intensity: IntensityMap, ticker: ProgressTicker,
    into sum: EnsembleSum
  ) throws(Failure) -> [Upsampler.Timings] {
    guard let ensemble = prepared.ensemble else {
      sum.begin(Symmetry.identity.turned(prepared.target.sampling, size: volume.grid.size))
      let timings = try prepared.engine.run(
        volume, request: prepared.request, intensity: intensity, mask: prepared.mask,
        guide: prepared.guide, machine: prepared.machine, monitor: ticker.monitor(ofJob: number),
        sink: sum.addInOrder)
      return [timings]
    }
    do {
      return try ensemble.run(
        volume, options: prepared.options(for: volume, intensity: intensity), into: sum
      ) { ticker.monitor(ofJob: number * ensemble.count + $0) }
    } catch {
      throw Failure(caught: error)
    }
  }

  /// Back-projects and measures, as far as was asked for.
  private func measured(
    _ result: AlignedBuffer<Float>, _ volume: Volume, _ background: Float?,
    _ ticker: ProgressTicker
  ) throws(Failure) -> ConsistencyOutcome? {
    guard let measurement = plan.measurement else { return nil }
    return try Failure.ofWorkers { () throws(WorkersError) in
      let measured = MeasuredVolume(volume.voxels, by: measurement)
      guard refinement.isConsistent else {
        let differences = try measured.differences(from: result.pointer, pool: pool)
        return ConsistencyOutcome(
          widths: measurement.widths, agreement: measured.agreement(differences), projection: nil)
      }
      let projection = try BackProjection(
        measured, sampling: prepared.target.sampling, background: background,
        clip: prepared.request.clip.range(of: volume.voxels)
      ).run(result.elements, pool: pool) { ticker.wasCancelled }
      return ConsistencyOutcome(
        widths: measurement.widths, agreement: projection.after, projection: projection)
    }
  }
}
