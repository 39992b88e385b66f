import FusedInference
import KernelInterface
import Networks
import Volumes
import Workers

/// Measures a network of any kind on a synthetic volume, in memory: encoder, decoder and the whole job
/// are parts of the same runs.
public struct UpsampleBenchmark: Sendable {
  /// The parts that are measured.
  public enum Part: String, Sendable, CaseIterable {
    /// The encoder; of networks that only have layers these.
    case encode
    /// The decoder, with interpolation and finishing; of gradient filters all of them.
    case decode
    /// The whole job from voxels to voxels.
    case upsample
  }

  /// What is measured.
  public struct Subject: Sendable {
    /// Name of the network, for results.
    public var name: String
    /// The network.
    public var network: Network
    /// Voxels of the input along i, j, k.
    public var size: SIMD3<Int>
    /// Factors along i, j, k.
    public var scale: SIMD3<Double>
    /// Share of the input that is background, and kept; 0: none.
    public var background: Double

    /// Collects the parts.
    public init(
      name: String, network: Network, size: SIMD3<Int>, scale: SIMD3<Double>,
      background: Double = 0
    ) {
      self.name = name
      self.network = network
      self.size = size
      self.scale = scale
      self.background = background
    }
  }

  /// The largest error that the measured path promises, as a share of the range.
  public var errorBound: Double { planned.path.errorBound }

  /// How many layers are computed in which way.
  package var layerCounts: [LayerCount] {
    switch planned {
    case .arssr(let upsampler, _): upsampler.layerCounts
    case .related(let upsampler, _): upsampler.layerCounts
    case .filters: []
    }
  }

  private let subject: Subject
  private let planned: PlannedNetwork
  private let outputSize: SIMD3<Int>
  private let options: Upsampler.Options
  private let pool: WorkerPool
  private let volume: SyntheticVolume
  /// What there is to compute of the volume.
  private let operations: UpsampleOperations

  /// Packs the weights, plans, and makes the volume.
  ///
  /// - Parameters:
  ///   - subject: Network and sizes.
  ///   - precision: What may be rounded to.
  ///   - kernels: The instruction set.
  ///   - pool: The workers.
  ///   - memoryLimit: Most bytes of a run.
  ///   - tile: Query points decoded together; nil: planned.
  ///   - isExact: Direct convolution everywhere.
  /// - Throws: `GridError` or `InferenceError` if there is no such target or plan.
  public init(
    _ subject: Subject, precision: Precision = .float32, kernels: KernelTable, pool: WorkerPool,
    memoryLimit: Int, tile: Int?, isExact: Bool
  ) throws {
    self.subject = subject
    self.pool = pool
    // The network's weights are resident already, and are counted by the plan.
    let weightBytes = MemoryLayout<Float>.size * subject.network.parameterCount
    let held = HeldMemory(bytes: max(0, MemoryLimit.residentBytes() - weightBytes))
    let upsampler = try NetworkUpsampler(
      subject.network, precision: precision, kernels: kernels, pool: pool, isExact: isExact)
    let target = try subject.network.target(
      .scale(subject.scale), of: Grid(size: subject.size, affine: .identity))
    outputSize = target.grid.size
    let guide =
      subject.network.related?.images == 2
      ? GuideImage(voxels: SyntheticVolume(size: outputSize).voxels, intensity: .identity) : nil
    options = Upsampler.Options(
      memoryLimit: memoryLimit, held: held, tile: tile,
      output: OutputSettings(background: subject.background > 0 ? .keep : .compute), guide: guide)
    planned = try upsampler.planned(
      inputSize: subject.size, sampling: target.sampling, options: options)
    volume = SyntheticVolume(size: subject.size, background: subject.background)
    operations = UpsampleOperations(
      subject.network, planned, inputSize: subject.size, outputSize: outputSize,
      work: planned.work(voxels: volume.voxels, settings: options.output))
  }

  /// Measures several runs after one to warm up.
  ///
  /// - Parameters:
  ///   - parts: What to return of them.
  ///   - repetition: How many.
  ///   - monitor: Its recorder sees the steps; may cancel from any thread.
  ///   - progress: Told the share that is done.
  /// - Returns: One result per part.
  /// - Throws: `InferenceError`, also where cancelled.
  public func measure(
    _ parts: [Part], repetition: Repetition, monitor: UpsampleMonitor,
    progress: (Double) -> Void
  ) throws -> [BenchmarkResult] {
    _ = MemoryLimit.resetPeakResidentBytes()
    var units: [UnitCount] = []
    let outcome = try repetition.measure(
      warmedUp: { monitor.recorder?.reset() }, progress: progress
    ) {
      let clock = ContinuousClock()
      let start = clock.now
      let timings = try planned.run(volume.voxels, options: options, monitor: monitor) { _ in }
      units = timings.decoderUnits
      return [(clock.now - start) / .seconds(1), timings.encode, timings.decode]
    }
    let skipping = subject.network.arssr.map { DecoderSkipping(units, network: $0) }
    let peakBytes = MemoryLimit.peakResidentBytes()
    return parts.map { part in
      let counts = operations.counts(part, skipping)
      let skipped = outcome.runs * operations.skipped(skipping)
      let steps = (monitor.recorder?.steps ?? []).filter { part.includes($0.stage) }
        .map { $0.skipping(skipped) }
      return BenchmarkResult(
        name: name(part), label: part.rawValue, seconds: outcome.parts[part.index],
        workers: pool.workerCount, operations: counts.executed, directOperations: counts.direct,
        voxels: counts.voxels, bytes: steps.reduce(0) { $0 + $1.cost.bytes } / outcome.runs,
        peakBytes: peakBytes, plannedBytes: planned.peakBytes, steps: steps, runs: outcome.runs,
        usedUnits: part == .encode ? [] : skipping?.usedShares ?? [], leftOut: operations.leftOut,
        usage: outcome.usage)
    }
  }

  /// The most memory that a run has resident, without any other run before it.
  ///
  /// - Parameter monitor: May cancel from any thread.
  /// - Returns: A result with one sample, whose peak and plan are what it is about.
  /// - Throws: `InferenceError`, also where cancelled.
  public func measureMemory(monitor: UpsampleMonitor) throws -> BenchmarkResult {
    _ = MemoryLimit.resetPeakResidentBytes()
    let before = ProcessUsage.now()
    var units: [UnitCount] = []
    let time = try seconds {
      units = try planned.run(volume.voxels, options: options, monitor: monitor) { _ in }
        .decoderUnits
    }
    let counts = operations.counts(
      .upsample, subject.network.arssr.map { DecoderSkipping(units, network: $0) })
    return BenchmarkResult(
      name: "memory/\(subject.name)/\(sizes)/\(pool.workerCount)t", label: "memory",
      seconds: Samples([time]), workers: pool.workerCount, operations: counts.executed,
      directOperations: counts.direct, voxels: counts.voxels, bytes: 0,
      peakBytes: MemoryLimit.peakResidentBytes(), plannedBytes: planned.peakBytes, steps: [],
      runs: 1, usedUnits: [], leftOut: operations.leftOut, usage: ProcessUsage.now() - before)
  }

  /// How a number of workers would share the steps; empty for networks other than ArSSR.
  public func schedule(workers: Int) -> [StepSchedule] {
    guard case .arssr(let upsampler, let plan) = planned else { return [] }
    return upsampler.schedule(plan, workers: workers)
  }

  /// All output voxels, i fastest.
  ///
  /// - Parameter monitor: May cancel from any thread.
  /// - Returns: As many as the target has.
  /// - Throws: `InferenceError`, also where cancelled.
  public func output(monitor: UpsampleMonitor) throws -> [Float] {
    var voxels: [Float] = []
    voxels.reserveCapacity(outputSize.x * outputSize.y * outputSize.z)
    _ = try planned.run(volume.voxels, options: options, monitor: monitor) {
      voxels.append(contentsOf: $0)
    }
    return voxels
  }

  // MARK: - Names

  private var sizes: String {
    func text(_ size: SIMD3<Int>) -> String { "\(size.x)x\(size.y)x\(size.z)" }
    let background =
      subject.background > 0 ? "-background\(Int((100 * subject.background).rounded()))" : ""
    return "\(text(subject.size))-\(text(outputSize))\(background)"
  }

  private func name(_ part: Part) -> String {
    "\(part.rawValue)/\(subject.name)/\(sizes)/\(pool.workerCount)t"
  }
}

extension UpsampleBenchmark.Part {
  /// The place of its seconds in a run's outcome.
  fileprivate var index: Int {
    switch self {
    case .upsample: 0
    case .encode: 1
    case .decode: 2
    }
  }

  fileprivate func includes(_ stage: StepRecord.Stage) -> Bool {
    switch self {
    case .encode: stage == .encode
    case .decode: stage == .decode
    case .upsample: true
    }
  }
}
