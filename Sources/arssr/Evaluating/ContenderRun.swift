import Degradation
import Files
import FusedInference
import Networks
import Volumes

/// Models and methods made ready, and the volumes that they work on.
struct ContenderRun {
  private enum Engine {
    case network(Network, NetworkUpsampler)
    case interpolation(InterpolationMethod)
  }

  private let request: ContenderRequest
  private let machine: Machine
  private let computing: ComputingRequest
  private let console: Console
  private let engines: [(name: String, engine: Engine)]

  /// Loads the models.
  ///
  /// - Throws: If a model is not there, is none, or does not take what was asked.
  init(
    _ request: ContenderRequest, machine: Machine, computing: ComputingRequest, console: Console
  ) throws(Failure) {
    self.request = request
    self.machine = machine
    self.computing = computing
    self.console = console
    var engines: [(name: String, engine: Engine)] = []
    for contender in request.contenders {
      switch contender {
      case .method(let method): engines.append((contender.name, .interpolation(method)))
      case .model(let text):
        let model = try DescribedModel(path: try ModelLibrary.path(of: text))
        model.notices.forEach(console.warn)
        engines.append((contender.name, try Self.engine(model, machine, computing)))
      }
    }
    self.engines = engines
  }

  private static func engine(
    _ model: DescribedModel, _ machine: Machine, _ computing: ComputingRequest
  ) throws(Failure) -> Engine {
    return try Failure.of(at: model.name) { () throws(InferenceError) in
      // There is no image of another contrast here.
      try model.network.check(NetworkOptions())
      return .network(
        model.network,
        try NetworkUpsampler(
          model.network, precision: computing.precision, kernels: machine.kernels,
          pool: machine.pool, isExact: computing.isExact))
    }
  }

  /// What happens to voxels of the truths that are NaN or infinite.
  var nonFinite: NonFinitePolicy { request.nonFinite }

  /// A volume, made coarser, and the part of the volume that the coarser one covers.
  struct Case {
    let truth: Volume
    fileprivate let coarse: Volume
    fileprivate let plan: DegradationPlan
  }

  /// Degrades one frame.
  ///
  /// - Throws: If the operator cannot be used on it, or the system refuses memory.
  func prepare(_ volume: Volume, frame: Int, path: String) throws(Failure) -> Case {
    do throws(DegradationError) {
      let plan = try volume.grid.degraded(by: request.degradation)
      for notice in plan.notices where frame == 0 {
        console.warn(
          Notice(code: notice.code, subject: notice.subject ?? path, message: notice.message))
      }
      let coarse = try plan.run(
        volume.voxels, noise: request.noise, frame: frame, pool: machine.pool)
      return Case(
        truth: volume.cropped(to: plan.coveredSize),
        coarse: Volume(grid: plan.grid, voxels: coarse.values), plan: plan)
    } catch {
      throw Failure(error).or(at: path)
    }
  }

  /// What a contender makes of a case, on the truth's grid: what `upsample` would write.
  func result(_ index: Int, of item: Case) throws(Failure) -> Volume {
    let coarse = item.coarse
    let (name, engine) = engines[index]
    let target = try target(engine, of: item, named: name)
    var voxels: [Float] = []
    voxels.reserveCapacity(item.truth.grid.voxelCount)
    do {
      switch engine {
      case .interpolation(let method):
        _ = try Interpolation.run(
          method, voxels: coarse.voxels, inputSize: coarse.grid.size, sampling: target.sampling,
          output: OutputSettings(), pool: machine.pool
        ) { voxels.append(contentsOf: $0) }
      case .network(let network, let upsampler):
        var options = options(item, network.normalisation)
        options.blur = network.arssr.flatMap { blur(item.plan, for: $0) }
        _ = try upsampler.planned(
          inputSize: coarse.grid.size, sampling: target.sampling, options: options
        ).run(coarse.voxels, options: options) { voxels.append(contentsOf: $0) }
      }
    } catch {
      throw Failure(caught: error).or(at: name)
    }
    return Volume(grid: item.truth.grid, voxels: voxels)
  }

  /// The truth's grid in the coarse volume.
  private func target(
    _ engine: Engine, of item: Case, named name: String
  ) throws(Failure) -> SamplingPlan {
    let (wish, grid) = (TargetRequest.like(item.truth.grid), item.coarse.grid)
    do throws(GridError) {
      switch engine {
      case .network(let network, _): return try network.target(wish, of: grid)
      case .interpolation: return try grid.target(wish)
      }
    } catch {
      guard case .elsewhere = error else { throw Failure(error).or(at: name) }
      throw Failure(
        .conflict(
          options: ["--operator \(request.degradation.method.rawValue)", name],
          reason: "this model's outer voxels are those of its input, which lie elsewhere here; "
            + "take an operator of the same alignment, such as corner"))
    }
  }

  private func options(_ item: Case, _ normalisation: Normalisation) -> Upsampler.Options {
    let held = (item.truth.grid.voxelCount * 2 + item.coarse.grid.voxelCount) * 4
    return Upsampler.Options(
      memoryLimit: machine.memoryLimit, held: HeldMemory(bytes: machine.residentBytes + held),
      spacing: item.coarse.grid.spacing,
      intensity: IntensityMap.measured(normalisation, voxels: item.coarse.voxels),
      output: OutputSettings(background: computing.isExact ? .compute : .keep))
  }

  /// What a model is told of the blur: what was asked for, or the operator's.
  ///
  /// A model that takes a single number gets the mean over the axes that became coarser, one that does
  /// not ask gets nil.
  private func blur(_ plan: DegradationPlan, for network: ArSSRNetwork) -> InputBlur? {
    let condition = network.variants.condition
    guard condition != .none else { return nil }
    if let blur = request.blur { return blur }
    if case .deconvolution = condition { return .perAxis(SIMD3(plan.axes.map(\.blurWidth))) }
    let widths = plan.axes.filter(\.isSampled).map(\.blurWidth)
    return .uniform(widths.isEmpty ? 0 : widths.reduce(0, +) / Double(widths.count))
  }
}

extension ContenderRequest {
  /// Voxels of a truth that are scored.
  ///
  /// - Throws: If the operator cannot be used on it.
  func coveredSize(of truth: Grid, path: String) throws(Failure) -> SIMD3<Int> {
    do throws(DegradationError) {
      return try truth.degraded(by: degradation).coveredSize
    } catch {
      throw Failure(error).or(at: path)
    }
  }
}

extension DegradationPlan {
  /// Voxels of the input, from voxel 0 on, that were used and lie in the field of view of the result.
  ///
  /// Operators that meet a spacing exactly leave out the end of an axis that it does not divide, and
  /// all leave out what was cut off.
  fileprivate var coveredSize: SIMD3<Int> {
    SIMD3(
      axes.map { axis in
        let end = axis.factor * (Double(axis.outputSize) - 0.5) + axis.offset
        return min(axis.usedSize, Int((end + 1e-6).rounded(.down)) + 1)
      })
  }
}

extension Volume {
  /// The voxels from voxel 0 on of a box.
  fileprivate func cropped(to size: SIMD3<Int>) -> Volume {
    guard size != grid.size else { return self }
    var voxels: [Float] = []
    voxels.reserveCapacity(size.x * size.y * size.z)
    for k in 0..<size.z {
      for j in 0..<size.y {
        let first = (k * grid.size.y + j) * grid.size.x
        voxels.append(contentsOf: self.voxels[first..<first + size.x])
      }
    }
    return Volume(grid: grid.refitted(size: size, by: .identity), voxels: voxels)
  }
}
