import FusedInference
import KernelInterface
import Networks
import Volumes
import Workers

/// Measures a network on a synthetic volume, in memory: encoder, decoder and the whole job are parts
/// of the same runs.
public struct UpsampleBenchmark: Sendable {
  /// The parts that are measured.
  public enum Part: String, Sendable, CaseIterable {
    /// The encoder.
    case encode
    /// The decoder, with interpolation and finishing.
    case decode
    /// The whole job from voxels to voxels.
    case upsample
  }

  /// What is measured.
  public struct Subject: Sendable {
    /// Name of the network, for results.
    public var name: String
    /// The network.
    public var network: ArSSRNetwork
    /// Voxels of the input along i, j, k.
    public var size: SIMD3<Int>
    /// Factors along i, j, k.
    public var scale: SIMD3<Double>
    /// Share of the input that is background, and kept; 0: none.
    public var background: Double

    /// Collects the parts.
    public init(
      name: String, network: ArSSRNetwork, size: SIMD3<Int>, scale: SIMD3<Double>,
      background: Double = 0
    ) {
      self.name = name
      self.network = network
      self.size = size
      self.scale = scale
      self.background = background
    }
  }

  /// The plan of the runs.
  public let plan: UpsamplePlan
  /// The largest error that the measured path promises, as a share of the range.
  public var errorBound: Double { upsampler.errorBound }

  /// How many layers are computed in which way.
  package var layerCounts: [LayerCount] { upsampler.layerCounts }

  private let subject: Subject
  private let upsampler: Upsampler
  private let options: Upsampler.Options
  private let pool: WorkerPool
  private let volume: SyntheticVolume
  /// What there is to compute of the volume.
  private let work: UpsampleWork

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
    upsampler = try Upsampler(
      network: subject.network, precision: precision, kernels: kernels, pool: pool,
      isExact: isExact)
    options = Upsampler.Options(
      memoryLimit: memoryLimit, held: held, tile: tile,
      output: OutputSettings(background: subject.background > 0 ? .keep : .compute))
    let grid = Grid(size: subject.size, affine: .identity)
    let sampling = try grid.target(.scale(subject.scale)).sampling
    plan = try upsampler.plan(inputSize: subject.size, sampling: sampling, options: options)
    volume = SyntheticVolume(size: subject.size, background: subject.background)
    work = upsampler.work(plan, voxels: volume.voxels, settings: options.output)
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
      let timings = try upsampler.run(
        plan, voxels: volume.voxels, options: options, monitor: monitor
      ) { _ in }
      units = timings.decoderUnits
      return [(clock.now - start) / .seconds(1), timings.encode, timings.decode]
    }
    let skipping = DecoderSkipping(units, network: subject.network)
    let peakBytes = MemoryLimit.peakResidentBytes()
    return parts.map { part in
      let counts = counts(part, skipping)
      let skipped = outcome.runs * skipping.operations(points: decodedCount)
      let steps = (monitor.recorder?.steps ?? []).filter { part.includes($0.stage) }
        .map { $0.skipping(skipped) }
      return BenchmarkResult(
        name: name(part), label: part.rawValue, seconds: outcome.parts[part.index],
        workers: pool.workerCount, operations: counts.executed, directOperations: counts.direct,
        voxels: counts.voxels, bytes: steps.reduce(0) { $0 + $1.cost.bytes } / outcome.runs,
        peakBytes: peakBytes, plannedBytes: plan.peakBytes, steps: steps, runs: outcome.runs,
        usedUnits: part == .encode ? [] : skipping.usedShares, leftOut: leftOut,
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
      units = try upsampler.run(
        plan, voxels: volume.voxels, options: options, monitor: monitor
      ) { _ in }.decoderUnits
    }
    let counts = counts(.upsample, DecoderSkipping(units, network: subject.network))
    return BenchmarkResult(
      name: "memory/\(subject.name)/\(sizes)/\(pool.workerCount)t", label: "memory",
      seconds: Samples([time]), workers: pool.workerCount, operations: counts.executed,
      directOperations: counts.direct, voxels: counts.voxels, bytes: 0,
      peakBytes: MemoryLimit.peakResidentBytes(), plannedBytes: plan.peakBytes, steps: [], runs: 1,
      usedUnits: [], leftOut: leftOut, usage: ProcessUsage.now() - before)
  }

  /// How a number of workers would share the steps.
  public func schedule(workers: Int) -> [StepSchedule] {
    upsampler.schedule(plan, workers: workers)
  }

  /// All output voxels, i fastest.
  ///
  /// - Parameter monitor: May cancel from any thread.
  /// - Returns: As many as the target has.
  /// - Throws: `InferenceError`, also where cancelled.
  public func output(monitor: UpsampleMonitor) throws -> [Float] {
    var voxels: [Float] = []
    let size = plan.outputSize
    voxels.reserveCapacity(size.x * size.y * size.z)
    _ = try upsampler.run(
      plan, voxels: volume.voxels, options: options, monitor: monitor
    ) { voxels.append(contentsOf: $0) }
    return voxels
  }

  // MARK: - Names and counts

  private var outputCount: Int { plan.outputSize.x * plan.outputSize.y * plan.outputSize.z }

  /// Output voxels that are decoded.
  private var decodedCount: Int {
    let share = Double(work.decoderOperations) / Double(max(plan.decoderOperations, 1))
    return Int((share * Double(outputCount)).rounded())
  }

  private var leftOut: LeftOut? {
    work.background.map { background in
      LeftOut(
        voxels: background.share,
        encoder: 1 - Double(work.encoderWork) / Double(max(plan.encoderWork, 1)),
        decoder: 1 - Double(decodedCount) / Double(outputCount))
    }
  }

  private var sizes: String {
    func text(_ size: SIMD3<Int>) -> String { "\(size.x)x\(size.y)x\(size.z)" }
    let background =
      subject.background > 0 ? "-background\(Int((100 * subject.background).rounded()))" : ""
    return "\(text(subject.size))-\(text(plan.outputSize))\(background)"
  }

  private func name(_ part: Part) -> String {
    "\(part.rawValue)/\(subject.name)/\(sizes)/\(pool.workerCount)t"
  }

  /// Multiply-accumulates as executed and by the published function, and voxels made.
  private func counts(
    _ part: Part, _ skipping: DecoderSkipping
  ) -> (executed: Int, direct: Int, voxels: Int) {
    let inputs = subject.size.x * subject.size.y * subject.size.z
    let outputs = outputCount
    let encode = inputs * subject.network.encoderOperationsPerVoxel
    let decode = outputs * subject.network.decoderOperationsPerVoxel
    let decoded = work.decoderOperations - skipping.operations(points: decodedCount)
    return switch part {
    case .encode: (work.encoderProducts, encode, inputs)
    case .decode: (decoded, decode, outputs)
    case .upsample: (work.encoderProducts + decoded, encode + decode, outputs)
    }
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
