import FusedInference
import KernelInterface
import Networks
import Synchronization
import Volumes
import Workers

/// Lets another thread stop a learning, and tells how far it is.
public final class FilterLearningMonitor: Sendable {
  private let stopped = Atomic<Bool>(false)
  private let report: @Sendable (_ stage: String, _ done: Double) -> Void

  /// - Parameter report: Hears of what goes on, from the thread that learns: a word, and the share of
  ///   everything that is done.
  public init(report: @escaping @Sendable (_ stage: String, _ done: Double) -> Void = { _, _ in }) {
    self.report = report
  }

  /// Asks the work to stop soon.
  public func cancel() { stopped.store(true, ordering: .relaxed) }

  /// Whether it was asked to.
  public var isCancelled: Bool { stopped.load(ordering: .relaxed) }

  func tell(_ stage: String, _ done: Double) { report(stage, done) }

  func checkCancellation() throws(FilterLearningError) {
    if isCancelled { throw .cancelled }
  }
}

/// Learns gradient filters from volumes, one volume and some buckets at a time.
///
/// First the borders between bins are found, then the sums of each bucket are made. Where the sums of all
/// buckets do not fit in memory, the volumes are gone through several times, each time for the buckets
/// that do; the sums, and so the filters, are the same. A single volume stays in memory instead, and the sums
/// of some buckets are made and solved after those of others. Everything that the rest depends on is in
/// ``state``, at any time.
public final class FilterLearner {
  /// A volume of the series, by number.
  public typealias Source = (_ number: Int) throws -> (volume: Volume, path: String)

  private let settings: FilterLearningSettings
  private let kernels: FilterKernels
  private let pool: WorkerPool
  private let volumeCount: Int
  private let bucketsPerPass: Int
  /// The only volume, once it was read, and its samples.
  private var kept: (pair: FilterPair, samples: FilterSamples?)?
  /// Of sums that were solved.
  private var spentMemory: AlignedBuffer<Double>?
  /// What has been done so far.
  public private(set) var state: FilterLearningState

  /// Prepares a learning, or goes on with one.
  ///
  /// - Parameters:
  ///   - settings: How.
  ///   - volumeCount: Volumes.
  ///   - largestVolume: Voxels of the largest, which decides how many buckets fit beside it.
  ///   - state: What was done before; nil: nothing.
  ///   - kernels: The instruction set's functions; sums of another set differ in their last bits.
  ///   - pool: Shares the work.
  ///   - memoryLimit: Bytes for everything.
  /// - Throws: ``FilterLearningError/memoryLimit(needed:limit:)``.
  public init(
    _ settings: FilterLearningSettings, volumeCount: Int, largestVolume: Int,
    state: FilterLearningState? = nil, kernels: KernelTable, pool: WorkerPool, memoryLimit: Int
  ) throws(FilterLearningError) {
    self.settings = settings
    self.kernels = kernels.filters
    self.pool = pool
    self.volumeCount = volumeCount
    self.state = state ?? FilterLearningState(bucketCount: settings.bins.count)
    let bucketBytes = NormalEquations.byteCount(patch: settings.patch)
    let fixed =
      FilterPair.byteCount(voxels: largestVolume)
      + pool.workerCount * SampleBlock.byteCount(patch: settings.patch)
      + settings.bins.count * settings.tapCount * MemoryLayout<Float>.size
    guard fixed + bucketBytes <= memoryLimit else {
      throw .memoryLimit(needed: fixed + bucketBytes, limit: memoryLimit)
    }
    let fitting = min(settings.bins.count, (memoryLimit - fixed) / bucketBytes)
    bucketsPerPass =
      volumeCount == 1 ? min(fitting, max(Self.keptVolumeBuckets, 16 * pool.workerCount)) : fitting
  }

  /// Buckets whose sums are held together, beside a volume that is kept: 0.5 GB at the published size, where
  /// all together would be 4.3 GB that the system has to clear first.
  static let keptVolumeBuckets = 64

  /// Times that all volumes are gone through for sums.
  public var passCount: Int {
    volumeCount == 1 ? 1 : (settings.bins.count + bucketsPerPass - 1) / bucketsPerPass
  }

  /// Learns.
  ///
  /// - Parameters:
  ///   - source: Gives the volumes; asked for each as often as there are passes, and once or twice more.
  ///   - monitor: May stop the work, after the samples of the buckets at hand.
  ///   - checkpoint: Called when the sums of a volume are complete, for saving ``state``.
  /// - Returns: The filters.
  /// - Throws: ``FilterLearningError``, or what `source` or `checkpoint` throw; ``state`` stays whole.
  public func run(
    _ source: Source, monitor: FilterLearningMonitor, checkpoint: () throws -> Void
  ) throws -> GradientFilters {
    if state.hashing == nil { state.hashing = try findBorders(source, monitor) }
    guard let hashing = state.hashing else { preconditionFailure("no borders") }
    let finder = try FilterLearningError.ofWorkers { () throws(WorkersError) in
      try BucketFinder(hashing, kernels: kernels)
    }
    while state.solvedBuckets < settings.bins.count {
      try learnPass(source, finder, monitor, checkpoint)
    }
    return GradientFilters(
      factor: settings.factor, patch: settings.patch, hashing: hashing, source: settings.source,
      faces: settings.faces, filters: state.filters, counts: state.counts.map { Float($0) },
      pool: settings.pool, blendThreshold: settings.blendThreshold)
  }

  private func findBorders(
    _ source: Source, _ monitor: FilterLearningMonitor
  ) throws -> GradientFilters.Hashing {
    var borders = try FeatureBorders(settings, kernels: kernels, pool: pool)
    for number in 0..<volumeCount where !borders.isEnough {
      monitor.tell("borders", 0)
      try monitor.checkCancellation()
      try borders.add(try pair(number, source), number: number)
    }
    return try borders.hashing()
  }

  private func pair(_ number: Int, _ source: Source) throws -> FilterPair {
    if let kept { return kept.pair }
    let (volume, path) = try source(number)
    let pair = try FilterPair(volume, path: path, settings: settings, pool: pool)
    if volumeCount == 1 { kept = (pair, nil) }
    return pair
  }

  private func samples(
    _ pair: FilterPair, number: Int, _ finder: BucketFinder
  ) throws(FilterLearningError) -> FilterSamples {
    if let samples = kept?.samples { return samples }
    let samples = try FilterSamples(
      pair, number: number, settings: settings, finder: finder, pool: pool)
    kept?.samples = samples
    return samples
  }

  /// Makes and solves the sums of the next buckets.
  private func learnPass(
    _ source: Source, _ finder: BucketFinder, _ monitor: FilterLearningMonitor,
    _ checkpoint: () throws -> Void
  ) throws {
    let first = state.solvedBuckets
    let equations: NormalEquations
    if let begun = state.equations {
      equations = begun
    } else {
      let buckets = first..<min(settings.bins.count, first + bucketsPerPass)
      equations = try NormalEquations(
        buckets: buckets, patch: settings.patch, precision: settings.precision, kernels: kernels,
        memory: spentMemory)
      state.begin(equations)
    }
    while let number = state.nextVolume, number < volumeCount {
      try monitor.checkCancellation()
      monitor.tell("learn", share(number, 0))
      let pair = try pair(number, source)
      let samples = try samples(pair, number: number, finder)
      try add(samples, of: pair, number: number, to: equations, monitor)
      try checkpoint()
    }
    monitor.tell("solve", share(volumeCount, 0))
    let filters = try FilterSolver(settings, kernels: kernels).filters(
      equations, counts: state.counts, pool: pool)
    state.end(filters)
    spentMemory = equations.sums
  }

  /// The share of all volumes of all passes that is done.
  private func share(_ volume: Int, _ part: Double) -> Double {
    let pass = Double(state.solvedBuckets) / Double(settings.bins.count)
    let length = Double(state.equations?.buckets.count ?? 0) / Double(settings.bins.count)
    return pass + length * (Double(volume) + part) / Double(volumeCount + 1)
  }

  /// Adds the samples of a volume to all buckets that do not have them yet.
  private func add(
    _ samples: FilterSamples, of pair: FilterPair, number: Int, to equations: NormalEquations,
    _ monitor: FilterLearningMonitor
  ) throws(FilterLearningError) {
    var scratch: [SampleBlock] = []
    for _ in 0..<pool.workerCount { scratch.append(try equations.scratch()) }
    // The fullest first, so that no worker is left with a long one at the end.
    let open = equations.buckets.filter { state.volumesDone($0) <= number }
      .sorted { (samples.range(of: $0).count, $1) > (samples.range(of: $1).count, $0) }
    let done = Mutex([Int]())
    let added = Atomic<Int>(0)
    let total = max(1, open.reduce(0) { $0 + samples.range(of: $1).count })
    let spaces = scratch
    let start = share(number, 0)
    let step = share(number, 1) - start
    pool.run(open.count) { item, worker in
      guard !monitor.isCancelled else { return }
      let bucket = open[item]
      equations.add(bucket, samples, of: pair, scratch: spaces[worker])
      done.withLock { $0.append(bucket) }
      let count = added.add(samples.range(of: bucket).count, ordering: .relaxed).newValue
      if worker == 0 { monitor.tell("learn", start + step * Double(count) / Double(total)) }
    }
    for bucket in done.withLock({ $0 }) {
      state.finish(volume: number, bucket: bucket, samples: samples.range(of: bucket).count)
    }
    try monitor.checkCancellation()
  }
}
