import Synchronization
import Volumes
import Workers

/// The volumes of a run, in memory, checked against each other.
public struct TrainingVolumes: Sendable {
  /// All volumes.
  public let all: [TrainingVolume]

  /// Takes volumes.
  public init(_ volumes: [TrainingVolume]) {
    precondition(!volumes.isEmpty, "no volumes")
    all = volumes
  }

  /// Reads and checks volumes.
  ///
  /// - Parameters:
  ///   - paths: NIfTI files.
  ///   - normalisation: Measured on each whole volume.
  ///   - guides: Files of another contrast, one per volume; nil: none.
  ///   - mixesSpacings: Whether volumes of unlike spacing may be together.
  ///   - pool: Shares the files.
  /// - Throws: The first file's error, in the order of `paths`.
  public init(
    paths: [String], normalisation: Normalisation = .percentile(0.1, 99.9),
    guides: [String]? = nil, mixesSpacings: Bool = false, pool: WorkerPool
  ) throws(TrainingDataError) {
    typealias Reading = Result<TrainingVolume, TrainingDataError>
    let results = Mutex([Reading?](repeating: nil, count: paths.count))
    pool.run(paths.count) { index, _ in
      let result = Reading { () throws(TrainingDataError) in
        try TrainingVolume(
          path: paths[index], normalisation: normalisation, guide: guides?[index])
      }
      results.withLock { $0[index] = result }
    }
    var volumes: [TrainingVolume] = []
    for case .some(let result) in results.withLock({ $0 }) { volumes.append(try result.get()) }
    self.init(volumes)
    if !mixesSpacings { try checkSpacings() }
  }

  /// - Throws: If the voxels of a volume, sorted by size, differ by more than a tenth from the first's.
  private func checkSpacings() throws(TrainingDataError) {
    func sorted(_ spacing: SIMD3<Double>) -> [Double] { (0..<3).map { spacing[$0] }.sorted() }
    let first = sorted(all[0].spacing)
    for volume in all.dropFirst() {
      for (one, other) in zip(first, sorted(volume.spacing))
      where abs(other - one) > 0.1 * one {
        throw .unlikeSpacing(
          path: volume.path, spacing: volume.spacing, other: all[0].path, than: all[0].spacing)
      }
    }
  }

  /// - Throws: If a volume has too few voxels along an axis for a patch of `patch` LR voxels at the
  ///   smallest scale.
  func check(patch: Int, smallestScale: Double) throws(TrainingDataError) {
    let needed = Int((smallestScale * (Double(patch) + 0.5)).rounded(.up))
    for volume in all where volume.size.min() < needed {
      throw .tooSmall(path: volume.path, size: volume.size, needed: needed)
    }
  }
}
