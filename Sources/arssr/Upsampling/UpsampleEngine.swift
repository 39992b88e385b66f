import FusedInference
import Volumes

/// What computes the values of a run: a network or an interpolation, with its plan.
enum UpsampleEngine {
  case network(PlannedNetwork, DescribedModel)
  case interpolation(InterpolationMethod, Interpolation.Plan, Sampling)

  /// The name for messages: the model's, or the method's.
  var name: String {
    switch self {
    case .network(_, let model): model.name
    case .interpolation(let method, _, _): method.rawValue
    }
  }

  var model: DescribedModel? {
    if case .network(_, let model) = self { model } else { nil }
  }

  /// The network with its plan; nil for an interpolation.
  var network: PlannedNetwork? {
    if case .network(let network, _) = self { network } else { nil }
  }

  var peakBytes: Int {
    switch self {
    case .network(let network, _): network.peakBytes
    case .interpolation(_, let plan, _): plan.peakBytes
    }
  }

  /// Output planes that are handed on together.
  var windowPlanes: Int {
    switch self {
    case .network(let network, _): network.windowPlanes
    case .interpolation(_, let plan, _): plan.windowPlanes
    }
  }

  /// Multiply-accumulates of the two stages.
  var operations: (encode: Int, decode: Int) {
    switch self {
    case .network(let network, _): network.operations
    case .interpolation(_, let plan, _): (0, plan.operations)
    }
  }

  /// Plans the work: chooses blocks within the memory limit.
  ///
  /// - Parameters:
  ///   - request: What was asked for.
  ///   - model: Nil for an interpolation.
  ///   - blur: How the input is blurred; nil for the model's default.
  ///   - grid: The input's.
  ///   - sampling: Where the output voxels lie.
  ///   - machine: Workers, kernels, and the limit.
  ///   - held: What is resident beside the job, the mask among it.
  ///   - holdsResult: Whether that includes the whole result, as integer types need it.
  /// - Throws: If the limit is too small for any plan, or the model does not take what was asked.
  init(
    request: UpsampleRequest, model: PackedModel?, blur: InputBlur?, grid: Grid,
    sampling: Sampling, machine: Machine, held: HeldMemory, holdsResult: Bool
  ) throws(Failure) {
    let output = OutputSettings(
      outside: request.outside.setting, background: request.background.setting)
    do throws(InferenceError) {
      guard let model else {
        // The words of --method are those of the interpolation, `model` apart.
        let method = InterpolationMethod(rawValue: request.method.rawValue) ?? .linear
        let plan = try Interpolation.plan(
          method, inputSize: grid.size, sampling: sampling, output: output, held: held,
          memoryLimit: machine.memoryLimit)
        self = .interpolation(method, plan, sampling)
        return
      }
      let options = Upsampler.Options(
        memoryLimit: machine.memoryLimit, held: held, blur: blur, spacing: grid.spacing,
        tile: request.tile, output: output, separateTile: request.separateTile)
      let network = try model.upsampler.planned(
        inputSize: grid.size, sampling: sampling, options: options)
      self = .network(network, model.described)
    } catch {
      if holdsResult, case .memoryLimit(let needed, let limit) = error {
        throw Failure(.integerResultMemory(needed: needed, limit: limit))
      }
      throw Failure(error)
    }
  }

  /// Computes one volume and hands its planes on in file order.
  func run(
    _ volume: Volume, request: UpsampleRequest, intensity: IntensityMap, mask: RegionMask?,
    guide: GuideImage?, machine: Machine, monitor: UpsampleMonitor,
    sink: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws(Failure) -> Upsampler.Timings {
    let output = OutputSettings(
      clip: request.clip.range(of: volume.voxels), mask: mask, outside: request.outside.setting,
      background: request.background.setting)
    let options = Upsampler.Options(
      memoryLimit: machine.memoryLimit, tile: request.tile, intensity: intensity, output: output,
      guide: guide)
    do {
      switch self {
      case .network(let network, _):
        return try network.run(volume.voxels, options: options, monitor: monitor, sink: sink)
      case .interpolation(let method, _, let sampling):
        return try Interpolation.run(
          method, voxels: volume.voxels, inputSize: volume.grid.size, sampling: sampling,
          output: output, pool: machine.pool, monitor: monitor, sink: sink)
      }
    } catch {
      throw Failure(caught: error)
    }
  }
}

extension OutsideValue {
  var setting: OutputSettings.Outside {
    switch self {
    case .zero: .zero
    case .linear: .linear
    }
  }
}

extension BackgroundValue {
  var setting: OutputSettings.BackgroundPolicy {
    switch self {
    case .keep: .keep
    case .compute: .compute
    }
  }
}

extension ClipRange {
  /// The limits that hold for a volume.
  func range(of voxels: [Float]) -> IntensityRange? {
    switch self {
    case .none: nil
    case .input: IntensityRange(ofFinite: voxels)
    case .range(let low, let high): IntensityRange(low: Float(low), high: Float(high))
    }
  }
}

extension NonFinitePolicy {
  var setting: VolumeReader.NonFinitePolicy {
    switch self {
    case .error: .refuse
    case .zero: .zero
    }
  }
}
