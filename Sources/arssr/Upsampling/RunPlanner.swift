import FusedInference
import Volumes

/// A network that is ready to run, of whatever kind, as an ensemble needs it.
protocol RunPlanner {
  /// Whether two different axes of an input are alike to it, so that they may be exchanged.
  func treatsAlike(_ a: Int, _ b: Int, grid: Grid, sampling: Sampling) -> Bool

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
  /// Two spacings, or steps of the target, count as the same up to this share.
  private static let sameStep = 1e-4

  /// Axes of the same spacing and the same step of the target.
  func treatsAlike(_ a: Int, _ b: Int, grid: Grid, sampling: Sampling) -> Bool {
    guard case .separable(let separable) = sampling else { return false }
    func step(_ axis: Int) -> Double {
      let positions = separable.axes[axis].positions
      return positions.count > 1 ? abs(positions[1] - positions[0]) : 0
    }
    func areClose(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= Self.sameStep * max(x, y) }
    let spacing = grid.affine.columnNorms
    return areClose(spacing[a], spacing[b]) && areClose(step(a), step(b))
  }

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
  /// A difference of factors that comes of rounding to whole voxels.
  private static let sameFactor = 0.02

  /// Axes of about the same factor: the networks are told of no spacing, and corner-aligned steps of
  /// one factor differ with the length of the axis.
  func treatsAlike(_ a: Int, _ b: Int, grid: Grid, sampling: Sampling) -> Bool {
    let factors = SIMD3<Double>(sampling.outputSize) / SIMD3<Double>(grid.size)
    return abs(factors[a] - factors[b]) <= Self.sameFactor * max(factors[a], factors[b])
  }

  func plannedRun(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Upsampler.Options
  ) throws(InferenceError) -> PlannedRun {
    let plan = try plan(inputSize: inputSize, sampling: sampling, options: options)
    return PlannedRun(peakBytes: plan.peakBytes) { voxels, options, monitor, sink in
      try self.run(plan, voxels: voxels, options: options, monitor: monitor, sink: sink)
    }
  }
}
