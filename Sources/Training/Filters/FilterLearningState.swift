import Networks

/// What a learning has done: the borders, the filters of the buckets that are solved, and the sums of
/// those that are at work.
public struct FilterLearningState {
  /// The rules by which voxels are sorted; nil: the borders are still unknown.
  public internal(set) var hashing: GradientFilters.Hashing?
  /// Samples per bucket so far.
  public internal(set) var counts: [Int]
  /// The filters of buckets 0 ..< ``solvedBuckets``, as `GradientFilters` holds them.
  public internal(set) var filters: [Float] = []
  /// Buckets that are done.
  public internal(set) var solvedBuckets = 0
  /// The sums at work.
  package internal(set) var equations: NormalEquations?
  /// Per bucket of the sums, how many volumes they hold.
  package internal(set) var volumes: [Int] = []

  /// Nothing done.
  public init(bucketCount: Int) {
    counts = [Int](repeating: 0, count: bucketCount)
  }

  /// The volume that some bucket at work lacks; nil where none is at work.
  var nextVolume: Int? { volumes.min() }

  /// Volumes in the sums of a bucket.
  func volumesDone(_ bucket: Int) -> Int {
    guard let equations else { return 0 }
    return volumes[bucket - equations.buckets.lowerBound]
  }

  mutating func begin(_ equations: NormalEquations) {
    self.equations = equations
    volumes = [Int](repeating: 0, count: equations.buckets.count)
  }

  mutating func finish(volume: Int, bucket: Int, samples: Int) {
    guard let equations else { return }
    volumes[bucket - equations.buckets.lowerBound] = volume + 1
    counts[bucket] += samples
  }

  mutating func end(_ filters: [Float]) {
    self.filters += filters
    solvedBuckets += equations?.buckets.count ?? 0
    equations = nil
    volumes = []
  }
}
