import FusedInference
import Volumes

/// A network that is ready to run, of whatever kind, as an ensemble needs it.
protocol RunPlanner {
  /// Whether axes of different spacing are different to it.
  var seesSpacing: Bool { get }

  /// Plans a run.
  func plannedRun(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Upsampler.Options
  ) throws(InferenceError) -> PlannedRun
}

/// A run with its plan.
struct PlannedRun {
  /// Bytes at the peak.
  let peakBytes: Int
  /// Computes voxels and hands the planes on.
  let run:
    (
      _ voxels: [Float], _ options: Upsampler.Options, _ monitor: UpsampleMonitor,
      _ sink: (UnsafeBufferPointer<Float>) throws -> Void
    ) throws -> Upsampler.Timings
}

extension Upsampler: RunPlanner {
  var seesSpacing: Bool { true }

  func plannedRun(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Options
  ) throws(InferenceError) -> PlannedRun {
    let plan = try plan(inputSize: inputSize, sampling: sampling, options: options)
    return PlannedRun(peakBytes: plan.peakBytes) { voxels, options, monitor, sink in
      try self.run(plan, voxels: voxels, options: options, monitor: monitor, sink: sink)
    }
  }
}

extension RelatedUpsampler: RunPlanner {
  /// They were trained on voxels of about one size and are told of none.
  var seesSpacing: Bool { false }

  func plannedRun(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Upsampler.Options
  ) throws(InferenceError) -> PlannedRun {
    let plan = try plan(inputSize: inputSize, sampling: sampling, options: options)
    return PlannedRun(peakBytes: plan.peakBytes) { voxels, options, monitor, sink in
      try self.run(plan, voxels: voxels, options: options, monitor: monitor, sink: sink)
    }
  }
}
