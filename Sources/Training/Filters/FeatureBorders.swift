import FusedInference
import KernelInterface
import Networks
import Synchronization
import Workers

/// Finds the borders between bins of strength and coherence: the quantiles of both over voxels drawn from
/// the volumes.
///
/// Border i of Q bins is the value of rank floor((i + 1) n / Q) of n.
package struct FeatureBorders {
  /// What a voxel is taken by.
  package static let probability = 0.2
  /// Voxels after which no further volume is asked.
  package static let enough = 2_500_000

  private let settings: FilterLearningSettings
  private let finder: BucketFinder
  private let pool: WorkerPool
  private let probability: Double
  private var strengths: [Double] = []
  private var coherences: [Double] = []

  /// - Throws: If the system refuses memory.
  package init(
    _ settings: FilterLearningSettings, kernels: FilterKernels, pool: WorkerPool,
    probability: Double = probability
  ) throws(FilterLearningError) {
    self.settings = settings
    self.pool = pool
    self.probability = probability
    let zeros = GradientFilters.Hashing(
      window: settings.window, bins: settings.bins, features: settings.features,
      strengthBorders: [Double](repeating: 0, count: settings.bins.strength - 1),
      coherenceBorders: [Double](repeating: 0, count: settings.bins.coherence - 1))
    finder = try FilterLearningError.ofWorkers { () throws(WorkersError) in
      try BucketFinder(zeros, kernels: kernels)
    }
  }

  /// Whether enough voxels have been seen.
  package var isEnough: Bool { strengths.count > Self.enough }

  /// Adds voxels of a volume whose LR image is not 0.
  ///
  /// - Parameters:
  ///   - pair: The volume.
  ///   - number: Its number among all; with the seed it decides which voxels are taken.
  /// - Throws: If the system refuses memory.
  package mutating func add(_ pair: FilterPair, number: Int) throws(FilterLearningError) {
    let regions = FilterRegions(pair, reach: settings.patch / 2)
    var scratch: [BucketScratch] = []
    for _ in 0..<pool.workerCount {
      scratch.append(try regions.scratch(radius: finder.radius, wish: .measures))
    }
    typealias Part = (strengths: [Double], coherences: [Double])
    let parts = Mutex([Part?](repeating: nil, count: regions.count))
    let (finder, seed, probability, spaces) = (finder, settings.seed, probability, scratch)
    pool.run(regions.count) { item, worker in
      let region = regions[item]
      let space = spaces[worker]
      finder.find(region, in: .double(pair.image), size: pair.size, into: space)
      guard let strength = space.strength?.pointer, let coherence = space.coherence?.pointer
      else { return }
      let stride = StructureTensorArguments.rowStride(columns: region.columns.count)
      var part: Part = ([], [])
      for (line, row) in region.rows.enumerated() {
        for (place, column) in region.columns.enumerated() {
          let voxel = (region.plane * pair.size.y + row) * pair.size.x + column
          guard pair.image[voxel] != 0 else { continue }
          if probability < 1 {
            var stream = RandomStream(seed: seed, .filterFeature, voxel, number)
            guard stream.uniform() < probability else { continue }
          }
          part.strengths.append(strength[line * stride + place])
          part.coherences.append(coherence[line * stride + place])
        }
      }
      parts.withLock { $0[item] = part }
    }
    for part in parts.withLock({ $0 }) {
      strengths += part?.strengths ?? []
      coherences += part?.coherences ?? []
    }
    withExtendedLifetime(pair.memory) {}
  }

  /// The rules with the borders found, rounded to float32 as files hold them.
  ///
  /// - Throws: ``FilterLearningError/noFeatures`` where no voxel has a gradient.
  package func hashing() throws(FilterLearningError) -> GradientFilters.Hashing {
    let exact = try exactBorders()
    return GradientFilters.Hashing(
      window: settings.window, bins: settings.bins, features: settings.features,
      strengthBorders: exact.strength.map { Double(Float($0)) },
      coherenceBorders: exact.coherence.map { Double(Float($0)) })
  }

  /// The borders in full.
  ///
  /// - Throws: ``FilterLearningError/noFeatures`` where no voxel has a gradient.
  package func exactBorders() throws(FilterLearningError) -> (
    strength: [Double], coherence: [Double]
  ) {
    guard strengths.contains(where: { $0 > 0 }) else { throw .noFeatures }
    return (
      Self.borders(strengths, bins: settings.bins.strength),
      // Where there is no gradient there is no coherence; it would be infinite.
      Self.borders(coherences.filter(\.isFinite), bins: settings.bins.coherence)
    )
  }

  private static func borders(_ values: [Double], bins: Int) -> [Double] {
    let sorted = values.sorted()
    return (1..<max(bins, 1)).map { sorted[min(sorted.count - 1, $0 * sorted.count / bins)] }
  }
}
