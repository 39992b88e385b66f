import FusedInference
import Profiling
import Volumes

/// How long a run will take, and how that is known.
struct CostEstimate {
  /// Share of the arithmetic peak that the kernels reach over a whole run, about.
  private static let shareOfPeak = 0.6

  /// Multiply-accumulates of the encoder that are computed, in all frames.
  let encoderOperations: Int
  /// Multiply-accumulates of the decoder, or of the interpolation, that are computed, in all
  /// frames.
  let decoderOperations: Int
  let seconds: Double
  let basis: String

  /// Measures for 0.2 s.
  ///
  /// - Parameters:
  ///   - prepared: The run.
  ///   - work: What there is to compute of a frame; nil for an interpolation.
  /// - Throws: What measuring an interpolation throws.
  init(_ prepared: PreparedUpsampling, work: UpsampleWork?) throws(Failure) {
    let frames = prepared.frames.count * prepared.runsPerFrame
    let planned = prepared.engine.operations
    encoderOperations = (work?.encoderOperations ?? planned.encode) * frames
    decoderOperations = (work?.decoderOperations ?? planned.decode) * frames
    switch prepared.engine {
    case .network, .related:
      let peak = PeakMeasurement.operationsPerSecond(
        kernels: prepared.machine.kernels, pool: prepared.machine.pool,
        workers: prepared.machine.pool.workerCount, duration: 0.2
      ).median
      let count = work.map { $0.encoderWork + $0.decoderOperations } ?? prepared.engine.work
      seconds = Double(2 * count * frames) / (peak * Self.shareOfPeak)
      basis =
        "at \(NumberText.fixed(100 * Self.shareOfPeak, decimals: 0)) % of the arithmetic peak "
        + "of a 0.2 s measurement"
    case .interpolation(let method, _, _):
      do {
        let rate = try PeakMeasurement.voxelsPerSecond(
          method, pool: prepared.machine.pool, seconds: 0.2)
        seconds = Double(prepared.target.grid.voxelCount * frames) / rate
      } catch {
        throw Failure(caught: error)
      }
      basis = "0.2 s measurement on a small volume, without reading and writing"
    }
  }
}
