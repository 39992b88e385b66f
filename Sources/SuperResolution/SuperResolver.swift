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

  private let upsampler: Upsampler

  /// Packs the model's weights.
  ///
  /// - Parameters:
  ///   - model: The network.
  ///   - computer: What it will run on.
  ///   - precision: What layers may store what they multiply in.
  ///   - isExact: The direct float32 path with a fixed order of sums, several times slower.
  /// - Throws: If the system refuses memory.
  public init(
    _ model: Model, on computer: Computer, precision: Precision = .float32, isExact: Bool = false
  ) throws(SuperResolutionError) {
    self.model = model
    self.computer = computer
    if isExact, precision != .float32 {
      throw .argument(
        name: "precision", value: precision.rawValue, wanted: "float32 for the exact path")
    }
    upsampler = try SuperResolutionError.of {
      try Upsampler(
        network: model.network, precision: precision, kernels: computer.kernels,
        pool: computer.pool, isExact: isExact)
    }
  }

  /// Plans where the voxels of a result lie.
  ///
  /// - Parameters:
  ///   - grid: The input's size and place.
  ///   - target: The wish.
  /// - Returns: The result's grid, and what the user should know, of the model's scales too.
  /// - Throws: If the wish has no sense, or is coarser than the input.
  public func plan(
    _ grid: Grid, to target: TargetRequest
  ) throws(SuperResolutionError) -> SamplingPlan {
    var plan = try Computer.plan(grid, to: target)
    let scale = grid.affine.columnNorms / plan.grid.affine.columnNorms
    if plan.keepsAxes, !model.card.scales.includes(scale) {
      plan.notices.append(
        Notice(
          code: "usage.target", subject: model.name,
          message: "this model was not made for scale "
            + (0..<3).map { "\(Float(scale[$0]))" }.joined(separator: " x ")))
    }
    return plan
  }

  /// Computes a volume of higher resolution over the same field of view.
  ///
  /// - Parameters:
  ///   - input: Its header is carried on.
  ///   - target: Which grid the result has.
  ///   - settings: How it is made.
  ///   - monitor: Tells how far the work is, and may cancel it from any thread.
  /// - Returns: The result, with notices of the plan.
  /// - Throws: If the wish has no sense, the memory limit is too small, or the work was cancelled.
  public func upsample(
    _ input: NIfTIVolume, to target: TargetRequest,
    settings: UpsampleSettings = UpsampleSettings(), monitor: UpsampleMonitor = UpsampleMonitor()
  ) throws(SuperResolutionError) -> NIfTIVolume {
    let plan = try plan(input.grid, to: target)
    var voxels = [Float](repeating: 0, count: plan.grid.voxelCount)
    try voxels.withUnsafeMutableBufferPointer { voxels throws(SuperResolutionError) in
      try upsample(
        input.volume, by: plan, settings: settings, monitor: monitor, into: voxels)
    }
    var result = input.result(
      on: plan, voxels: voxels, description: "arssr \(Release.version) \(model.name)")
    result.notices = plan.notices
    return result
  }

  /// Computes the voxels of a plan.
  ///
  /// - Parameters:
  ///   - volume: The input.
  ///   - plan: Of its grid.
  ///   - settings: How the result is made.
  ///   - monitor: Tells how far the work is, and may cancel it from any thread.
  ///   - result: Receives the voxels of `plan.grid`, i fastest.
  /// - Throws: If the memory limit is too small, or the work was cancelled.
  public func upsample(
    _ volume: Volume, by plan: SamplingPlan, settings: UpsampleSettings,
    monitor: UpsampleMonitor, into result: UnsafeMutableBufferPointer<Float>
  ) throws(SuperResolutionError) {
    let volume = try settings.usable(volume)
    let options = Upsampler.Options(
      memoryLimit: computer.memoryLimit, blur: settings.blur,
      intensity: .measured(settings.normalisation ?? model.normalisation, voxels: volume.voxels),
      output: try settings.output(for: volume, isExact: upsampler.isExact))
    let receiver = try PlaneReceiver(result, count: plan.grid.voxelCount)
    try SuperResolutionError.of {
      let work = try upsampler.plan(
        inputSize: volume.grid.size, sampling: plan.sampling, options: options)
      _ = try upsampler.run(
        work, voxels: volume.voxels, options: options, monitor: monitor, sink: receiver.append)
    }
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
