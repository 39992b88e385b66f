import Synchronization
import Workers

/// Draws the batches of a run.
///
/// A batch is a function of the volumes, the settings, the seed and the step alone: neither the
/// number of workers nor what was drawn before matters, so a run that is resumed sees what it would
/// have seen. Samples have numbers: machines that train together take different ones.
public final class BatchSource: Sendable {
  /// What is drawn.
  public let settings: DataSettings

  private let volumes: TrainingVolumes
  private let seed: UInt64
  private let pool: DegradedPool?

  /// Checks the volumes against the settings.
  ///
  /// - Parameters:
  ///   - volumes: To train on.
  ///   - settings: What is drawn.
  ///   - seed: Another seed, other batches.
  /// - Throws: ``TrainingDataError/tooSmall(path:size:needed:)``.
  public init(
    _ volumes: TrainingVolumes, settings: DataSettings, seed: UInt64
  ) throws(TrainingDataError) {
    settings.checkInvariants()
    try volumes.check(patch: settings.patch, smallestScale: settings.scales.lowerBound)
    self.volumes = volumes
    self.settings = settings
    self.seed = seed
    switch settings.drawing {
    case .pool(let count, let refresh):
      pool = DegradedPool(volumes, settings, seed: seed, count: count, refresh: refresh)
    case .published:
      pool = nil
    }
  }

  /// Draws the batch of a step.
  ///
  /// The first call makes the pool's LR volumes, some tenths of a second each; later ones are drawn in
  /// the background while steps are computed.
  ///
  /// - Parameters:
  ///   - step: From 0.
  ///   - samples: Numbers of the samples; nil: `0..<settings.batch`.
  ///   - workers: Share the samples.
  /// - Returns: The samples in the order of their numbers.
  /// - Throws: If the system refuses memory.
  public func batch(
    step: Int, samples: Range<Int>? = nil, workers: WorkerPool
  ) throws(TrainingDataError) -> TrainingBatch {
    let numbers = samples ?? 0..<settings.batch
    var entries = try pool?.entries(ofStep: step, pool: workers) ?? []
    if settings.sharesVolume, !entries.isEmpty {
      var stream = RandomStream(seed: seed, .batch, step)
      entries = [entries[stream.integer(below: entries.count)]]
    }
    typealias Drawing = Result<TrainingBatch.Sample, TrainingDataError>
    let drawn = Mutex([Drawing?](repeating: nil, count: numbers.count))
    workers.run(numbers.count) { index, _ in
      let result = Drawing { () throws(TrainingDataError) in
        try sample(numbers.lowerBound + index, step: step, entries: entries, workers: workers)
      }
      drawn.withLock { $0[index] = result }
    }
    var all: [TrainingBatch.Sample] = []
    for case .some(let result) in drawn.withLock({ $0 }) { all.append(try result.get()) }
    let size = SIMD3(repeating: settings.patch)
    guard settings.sharesVolume, let entry = entries.first else {
      return TrainingBatch(size: size, samples: all)
    }
    return TrainingBatch(size: size, samples: all, traits: entry.traits)
  }

  private func sample(
    _ number: Int, step: Int, entries: [DegradedEntry], workers: WorkerPool
  ) throws(TrainingDataError) -> TrainingBatch.Sample {
    var stream = RandomStream(seed: seed, .sample, step, number)
    if entries.isEmpty {
      return try PublishedSampler(settings: settings, volumes: volumes)
        .sample(&stream, pool: workers)
    }
    let entry = entries[stream.integer(below: entries.count)]
    return PoolSampler(settings: settings).sample(&stream, from: entry)
  }
}
