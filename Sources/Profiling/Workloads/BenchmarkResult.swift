import FusedInference

/// What is not computed because it is background.
public struct LeftOut: Sendable, Equatable {
  /// Share of the input's voxels that are background.
  public var voxels: Double
  /// Share of the encoder's planned work.
  public var encoder: Double
  /// Share of the result's voxels that are not decoded.
  public var decoder: Double
}

/// What was measured of one workload.
public struct BenchmarkResult: Sendable {
  /// Operation, shape and threads: `decode/interim/128x128x128/2t`.
  public var name: String
  /// The part of the name that tells the results of one run apart: `decode`.
  public var label: String
  /// Seconds of each run.
  public var seconds: Samples
  /// Workers that took part.
  public var workers: Int
  /// Multiply-accumulates that a run executes, and those of the direct method; 0 where a workload
  /// does not compute.
  public var operations: Int
  /// Multiply-accumulates of the direct method, whatever was executed.
  public var directOperations: Int
  /// Voxels that a run makes.
  public var voxels: Int
  /// Bytes of all operands and results of all steps, each counted once.
  public var bytes: Int
  /// Most bytes that the process had resident while the workload ran.
  public var peakBytes: Int
  /// Bytes that the plan had announced; nil where there is no plan.
  public var plannedBytes: Int?
  /// The steps of all runs together, where there are any.
  public var steps: [StepRecord]
  /// Runs that the steps are of.
  public var runs: Int
  /// Of each layer of the decoder that runs at output points, the share of its inputs that was not
  /// skipped; empty where no decoder ran.
  public var usedUnits: [Double]
  /// What the background left out; nil where all was computed.
  public var leftOut: LeftOut?
  /// What the process used while it was measured.
  public var usage: ProcessUsage

  /// Floating-point operations per second that were executed (1 FMA = 2), by the median time.
  public var executedPerSecond: Double { 2 * Double(operations) / seconds.median }

  /// Floating-point operations per second of the direct method, whatever was executed.
  public var effectivePerSecond: Double { 2 * Double(directOperations) / seconds.median }

  /// Voxels per second.
  public var voxelsPerSecond: Double { Double(voxels) / seconds.median }
}
