import FusedInference
import Profiling
import Volumes

/// How long a run will take, and how that is known.
struct CostEstimate {
  /// Multiply-accumulates of the encoder that are computed, in all frames.
  let encoderOperations: Int
  /// Multiply-accumulates of the decoder, or of the interpolation, that are computed, in all
  /// frames.
  let decoderOperations: Int
  let seconds: Double
  let basis: String

  /// - Parameters:
  ///   - prepared: The run.
  ///   - work: What there is to compute of a frame; nil for an interpolation.
  ///   - rate: How fast its engine is here.
  init(_ prepared: PreparedUpsampling, work: UpsampleWork?, rate: EngineRate) {
    let frames = prepared.frames.count * prepared.runsPerFrame
    let planned = prepared.engine.operations
    encoderOperations = OperationCount.product(
      work?.encoder.defined ?? planned.encode, frames)
    decoderOperations = OperationCount.product(
      work?.decoderOperations ?? planned.decode, frames)
    let count =
      switch prepared.engine {
      case .network(let network, _):
        work.map { $0.encoder.work + $0.decoderOperations } ?? network.work
      case .interpolation: prepared.target.grid.voxelCount
      }
    seconds = Double(count) * Double(frames) / rate.perSecond
    basis = rate.basis
  }
}

/// How fast an engine works on this machine, measured for 0.2 s.
struct EngineRate {
  /// Share of the arithmetic peak that the kernels reach over a whole run, about.
  private static let shareOfPeak = 0.6
  /// The same of gradient filters, most of whose time is loading patches and finding buckets.
  private static let shareOfFilters = 0.1

  /// Multiply-accumulates per second of a network, voxels per second of an interpolation.
  let perSecond: Double
  let basis: String

  /// - Throws: What measuring an interpolation throws.
  init(_ engine: UpsampleEngine, machine: Machine) throws(Failure) {
    switch engine {
    case .network(let network, _):
      let peak = PeakMeasurement.operationsPerSecond(
        kernels: machine.kernels, pool: machine.pool, workers: machine.pool.workerCount,
        duration: 0.2
      ).median
      let share =
        if case .filters = network { Self.shareOfFilters } else { Self.shareOfPeak }
      perSecond = peak * share / 2
      basis =
        "at \(NumberText.fixed(100 * share, decimals: 0)) % of the arithmetic peak "
        + "of a 0.2 s measurement"
    case .interpolation(let method, _, _):
      do {
        perSecond = try PeakMeasurement.voxelsPerSecond(method, pool: machine.pool, seconds: 0.2)
      } catch {
        throw Failure(caught: error)
      }
      basis = "0.2 s measurement on a small volume, without reading and writing"
    }
  }
}
