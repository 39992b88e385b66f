import FusedInference
import Volumes

/// The runs of a self-ensemble: one per way to turn the input, each with a plan of its own.
struct UpsampleEnsemble {
  private struct Member {
    let symmetry: Symmetry
    let target: TurnedSampling
    let plan: UpsamplePlan
  }

  private let members: [Member]
  private let upsampler: Upsampler
  /// Whether axes are exchanged as well.
  let permutes: Bool

  var count: Int { members.count }

  var peakBytes: Int { members.map(\.plan.peakBytes).max() ?? 0 }

  /// Two spacings, or steps of the target, count as the same up to this share.
  private static let sameStep = 1e-4

  /// Plans all runs.
  ///
  /// - Parameters:
  ///   - upsampler: The network.
  ///   - permutes: Whether axes that look alike are exchanged.
  ///   - grid: The input's.
  ///   - sampling: Where the result's voxels lie in it.
  ///   - options: Those of every run, as far as plans need them.
  /// - Throws: If the limit on memory is too small for one of them.
  init(
    _ upsampler: Upsampler, permutes: Bool, grid: Grid, sampling: Sampling,
    options: Upsampler.Options
  ) throws(InferenceError) {
    let symmetries =
      permutes
      ? Symmetry.all { Self.areAlike($0, $1, grid, sampling) } : Symmetry.mirrorings
    var members: [Member] = []
    for symmetry in symmetries {
      let target = symmetry.turned(sampling, size: grid.size)
      var options = options
      options.blur = options.blur.map { $0.turned(by: symmetry) }
      let plan = try upsampler.plan(
        inputSize: symmetry.turned(grid.size), sampling: target.sampling, options: options)
      members.append(Member(symmetry: symmetry, target: target, plan: plan))
    }
    self.members = members
    self.upsampler = upsampler
    self.permutes = symmetries.count > Symmetry.mirrorings.count
  }

  private static func areAlike(_ a: Int, _ b: Int, _ grid: Grid, _ sampling: Sampling) -> Bool {
    guard a != b else { return true }
    guard case .separable(let separable) = sampling else { return false }
    func step(_ axis: Int) -> Double {
      let positions = separable.axes[axis].positions
      return positions.count > 1 ? abs(positions[1] - positions[0]) : 0
    }
    func areClose(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= sameStep * max(x, y) }
    let spacing = grid.affine.columnNorms
    return areClose(spacing[a], spacing[b]) && areClose(step(a), step(b))
  }

  /// Computes a volume in all ways.
  ///
  /// - Parameters:
  ///   - volume: The input.
  ///   - options: Of every run, with the volume's own intensity map.
  ///   - sum: Receives the results.
  ///   - monitor: Of the run with a number.
  /// - Returns: The times of every run.
  /// - Throws: ``InferenceError``.
  func run(
    _ volume: Volume, options: Upsampler.Options, into sum: EnsembleSum,
    monitor: (Int) -> UpsampleMonitor
  ) throws -> [Upsampler.Timings] {
    try members.enumerated().map { number, member in
      sum.begin(member.target)
      return try upsampler.run(
        member.plan, voxels: member.symmetry.turned(volume.voxels, size: volume.grid.size),
        options: options, monitor: monitor(number), sink: sum.add)
    }
  }
}

extension InputBlur {
  /// The blur of a turned input.
  fileprivate func turned(by symmetry: Symmetry) -> InputBlur {
    guard case .perAxis(let widths) = self else { return self }
    return .perAxis(SIMD3(symmetry.order.map { widths[$0] }))
  }
}
