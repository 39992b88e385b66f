import Volumes

/// The runs of a self-ensemble: one per way to turn the input, each with a plan of its own.
public struct UpsampleEnsemble: Sendable {
  private struct Member {
    let symmetry: Symmetry
    let target: TurnedSampling
    let network: PlannedNetwork
  }

  private let members: [Member]
  /// Voxels of the result.
  private let outputSize: SIMD3<Int>
  /// Whether axes are exchanged as well.
  public let permutes: Bool

  /// Runs.
  public var count: Int { members.count }

  /// Bytes at the peak of the largest.
  public var peakBytes: Int { members.map(\.network.peakBytes).max() ?? 0 }

  /// Plans all runs.
  ///
  /// - Parameters:
  ///   - upsampler: The network, ready to run.
  ///   - permutes: Whether axes that look alike to it are exchanged.
  ///   - grid: The input's.
  ///   - sampling: Where the result's voxels lie in it.
  ///   - options: Those of every run, as far as plans need them.
  /// - Throws: If the limit on memory is too small for one of them.
  public init(
    _ upsampler: NetworkUpsampler, permutes: Bool, grid: Grid, sampling: Sampling,
    options: Upsampler.Options
  ) throws(InferenceError) {
    let symmetries =
      permutes
      ? Symmetry.all { $0 == $1 || upsampler.treatsAlike($0, $1, grid: grid, sampling: sampling) }
      : Symmetry.mirrorings
    var members: [Member] = []
    for symmetry in symmetries {
      let target = symmetry.turned(sampling, size: grid.size)
      var options = options
      options.blur = options.blur.map { $0.turned(by: symmetry) }
      let network = try upsampler.planned(
        inputSize: symmetry.turned(grid.size), sampling: target.sampling, options: options)
      members.append(Member(symmetry: symmetry, target: target, network: network))
    }
    self.members = members
    outputSize = sampling.outputSize
    self.permutes = symmetries.count > Symmetry.mirrorings.count
  }

  /// Computes a volume in all ways.
  ///
  /// - Parameters:
  ///   - volume: The input.
  ///   - options: Of every run, with the volume's own intensity map.
  ///   - sum: Receives the results.
  ///   - monitor: Of the run with a number; one for all is told their number first
  ///     (``UpsampleMonitor/expect(runs:)``).
  /// - Returns: The times of every run.
  /// - Throws: ``InferenceError``.
  public func run(
    _ volume: Volume, options: Upsampler.Options, into sum: EnsembleSum,
    monitor: (Int) -> UpsampleMonitor
  ) throws -> [Upsampler.Timings] {
    try members.enumerated().map { number, member in
      sum.begin(member.target)
      var options = options
      if let guide = options.guide {
        options.guide?.voxels = member.symmetry.turned(guide.voxels, size: outputSize)
      }
      let monitor = monitor(number)
      monitor.beginRun()
      return try member.network.run(
        member.symmetry.turned(volume.voxels, size: volume.grid.size), options: options,
        monitor: monitor, sink: sum.add)
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
