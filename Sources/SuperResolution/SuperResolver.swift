import Files
import FusedInference
import KernelInterface
import Networks
import Volumes

/// A model made ready for a computer, to be used for any number of volumes.
///
///     let resolver = try SuperResolver(Model(), on: Computer())
///     let fine = try resolver.upsample(NIfTIVolume(path: "in.nii.gz"), to: .scale(2))
///     try fine.write(to: "out.nii.gz")
///
/// Values are those of the command with the same options, on any number of threads and within any
/// limit on memory.
public final class SuperResolver: Sendable {
  /// The model.
  public let model: Model
  /// What it runs on.
  public let computer: Computer

  let upsampler: NetworkUpsampler
  /// Whether the exact path was asked for.
  let isExact: Bool

  /// Packs the model's weights.
  ///
  /// - Parameters:
  ///   - model: The network.
  ///   - computer: What it will run on.
  ///   - precision: What layers may store what they multiply in; networks other than ArSSR are computed
  ///     in float32.
  ///   - isExact: The direct float32 path with a fixed order of sums, several times slower.
  /// - Throws: If the system refuses memory.
  public init(
    _ model: Model, on computer: Computer, precision: Precision = .float32, isExact: Bool = false
  ) throws(SuperResolutionError) {
    self.model = model
    self.computer = computer
    self.isExact = isExact
    if isExact, precision != .float32 {
      throw .argument(
        name: "precision", value: precision.rawValue, wanted: "float32 for the exact path")
    }
    upsampler = try SuperResolutionError.of {
      try NetworkUpsampler(
        model.network, precision: precision, kernels: computer.kernels, pool: computer.pool,
        isExact: isExact)
    }
  }

  /// Plans where the voxels of a result lie.
  ///
  /// - Parameters:
  ///   - grid: The input's size and place.
  ///   - target: The wish; nil: the model's own factor, or twice as fine.
  /// - Returns: The result's grid, and what the user should know, of the model's scales too.
  /// - Throws: If the wish has no sense, or is coarser than the input.
  public func plan(
    _ grid: Grid, to target: TargetRequest? = nil
  ) throws(SuperResolutionError) -> SamplingPlan {
    var plan = try SuperResolutionError.of { try model.network.target(target, of: grid) }
    let isLike = if case .like? = target { true } else { false }
    let scale = plan.scale(from: grid, by: model.network, isLike: isLike)
    if !model.card.scales.includes(scale) {
      plan.notices.append(
        Notice(
          code: "usage.target", subject: model.name,
          message: "this model was not made for scale "
            + (0..<3).map { "\(Float(scale[$0]))" }.joined(separator: " x ")))
    }
    // What lies beside the input's file is known to the command only.
    plan.notices += [
      model.network.degradationNotice(
        model: model.name, fact: "how the input was made is not known")
    ].compactMap { $0 }
    return plan
  }

  /// Computes a volume of higher resolution over the same field of view.
  ///
  /// - Parameters:
  ///   - input: Its header is carried on.
  ///   - target: Which grid the result has; nil: the model's own factor, or twice as fine.
  ///   - settings: How it is made.
  ///   - monitor: Tells how far the work is, and may cancel it from any thread.
  /// - Returns: The result, with what the user should know.
  /// - Throws: If the wish has no sense, the memory limit is too small, or the work was cancelled.
  public func upsample(
    _ input: NIfTIVolume, to target: TargetRequest? = nil,
    settings: UpsampleSettings = UpsampleSettings(), monitor: UpsampleMonitor = UpsampleMonitor()
  ) throws(SuperResolutionError) -> NIfTIVolume {
    let plan = try plan(input.grid, to: target)
    var voxels = [Float](repeating: 0, count: plan.grid.voxelCount)
    let notices = try voxels.withUnsafeMutableBufferPointer {
      voxels throws(SuperResolutionError) in
      try upsample(
        input.volume, by: plan, settings: settings, monitor: monitor, into: voxels)
    }
    var result = input.result(on: plan, voxels: voxels, description: description(""))
    result.notices = plan.notices + notices
    return result
  }

  /// The mean of an ensemble and how far its members lie apart, which says how sure the network is of
  /// a voxel, as far as it goes by the way the volume lies.
  ///
  /// - Parameters:
  ///   - input: Its header is carried on.
  ///   - target: Which grid the result has; nil: the model's own factor, or twice as fine.
  ///   - settings: How it is made; without an ensemble by 8 mirrorings.
  ///   - monitor: Tells how far the work is, and may cancel it from any thread.
  /// - Returns: The result, with what the user should know, and the standard deviations of the error
  ///   that is to be expected, in its units.
  /// - Throws: As ``upsample(_:to:settings:monitor:)``.
  public func upsampleWithDeviations(
    _ input: NIfTIVolume, to target: TargetRequest? = nil,
    settings: UpsampleSettings = UpsampleSettings(), monitor: UpsampleMonitor = UpsampleMonitor()
  ) throws(SuperResolutionError) -> (result: NIfTIVolume, deviations: NIfTIVolume) {
    let plan = try plan(input.grid, to: target)
    var deviations = [Float](repeating: 0, count: plan.grid.voxelCount)
    var voxels = deviations
    let notices = try deviations.withUnsafeMutableBufferPointer {
      deviations throws(SuperResolutionError) in
      try voxels.withUnsafeMutableBufferPointer { voxels throws(SuperResolutionError) in
        try upsample(
          input.volume, by: plan, settings: settings, monitor: monitor, into: voxels,
          deviations: deviations)
      }
    }
    var result = input.result(on: plan, voxels: voxels, description: description(""))
    result.notices = plan.notices + notices
    let spread = input.result(
      on: plan, voxels: deviations, description: description(" expected error"))
    return (result, spread)
  }

  private func description(_ kind: String) -> String {
    "arssr \(Release.version) \(model.name)\(kind)"
  }
}

extension TargetRequest {
  /// The same factor along all axes.
  public static func scale(_ factor: Double) -> TargetRequest {
    .scale(SIMD3(repeating: factor))
  }

  /// The same spacing along all axes, in millimetres.
  public static func spacing(_ millimetres: Double) -> TargetRequest {
    .spacing(SIMD3(repeating: millimetres))
  }
}
