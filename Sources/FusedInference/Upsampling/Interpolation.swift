import Volumes
import Workers

/// Interpolation in place of a network: the same grids, rows and finishing, for comparison.
public enum Interpolation {
  /// Makes all output voxels of a volume and hands them on, plane by plane in file order.
  ///
  /// - Parameters:
  ///   - method: The formula.
  ///   - voxels: The input, i fastest; `inputSize` voxels.
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - sampling: Where the output voxels lie; outside the field of view they are 0.
  ///   - output: What happens to the values.
  ///   - pool: Shares the rows.
  ///   - monitor: Counts work, and may cancel from any thread.
  ///   - sink: Receives whole output planes, `[k][j][i]`, on the calling thread.
  /// - Returns: The seconds that it took.
  /// - Throws: ``InferenceError``, or what the sink throws.
  public static func run(
    _ method: InterpolationMethod, voxels: [Float], inputSize: SIMD3<Int>, sampling: Sampling,
    output: OutputSettings, pool: WorkerPool, monitor: UpsampleMonitor = UpsampleMonitor(),
    sink: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> Upsampler.Timings {
    let clock = ContinuousClock()
    let start = clock.now
    monitor.expect(sampling.insideCount)
    monitor.enter(.decode)
    let finisher = RowFinisher(
      base: RowFinisher.Base(
        method: method, sampling: sampling, size: inputSize, voxels: voxels),
      sampling: sampling, inputSize: inputSize, voxels: voxels, intensity: .identity,
      settings: output, kept: nil, pool: pool)
    var stage = try makeStage(sampling, finisher, pool)
    try stage.makeRows(pool: pool, monitor: monitor, sink: sink) { range, _, _, _, row in
      // The values are those of the finisher's base, added to nothing.
      row.update(repeating: 0, count: range.count)
      monitor.add(range.count)
    }
    var timings = Upsampler.Timings()
    timings.sink = stage.sinkSeconds
    timings.decode = (clock.now - start) / .seconds(1) - timings.sink
    return timings
  }

  private static func makeStage(
    _ sampling: Sampling, _ finisher: RowFinisher, _ pool: WorkerPool
  ) throws(InferenceError) -> OutputStage {
    do {
      return try OutputStage(
        sampling: sampling, windowPlanes: OutputWindow.plannedPlanes(sampling), finisher: finisher,
        scratch: try WorkerScratch.forAll(
          pool, kernelFloats: 0, constants: 0, rowCount: 1, rowLength: sampling.rowBox.x,
          layers: 0))
    } catch {
      throw .allocation(error)
    }
  }
}
