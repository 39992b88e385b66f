extension GradientFilters {
  /// Samples that a pool may count for.
  public static let poolRange = 0.0...1e9

  /// The taps that are applied: those of the file, each drawn to the mean of its like by ``pool``.
  ///
  ///     applied = (n own + pool mean) / (n + pool)
  ///
  /// n is the number of samples of a bucket, 0 where it has no filter of its own. Like it are the buckets of
  /// its strength and coherence, whatever their direction; where none of them has a filter, all buckets are.
  /// Their mean is weighted by samples. Without a pool, or where nobody says how many samples there were,
  /// filters are applied as they are, and voxels of buckets without one keep the interpolated value.
  public var appliedFilters: [Float] {
    guard let pool, let counts else { return filters }
    let owners = (0..<bucketCount).filter { hasFilter($0) && counts[$0] > 0 }
    guard !owners.isEmpty else { return filters }
    let kinds = hashing.bins.strength * hashing.bins.coherence
    var result = filters
    for kind in 0..<kinds {
      let like = owners.filter { $0 % kinds == kind }
      let mean = mean(of: like.isEmpty ? owners : like, counts)
      for bucket in stride(from: kind, to: bucketCount, by: kinds) {
        let own = hasFilter(bucket) ? Double(counts[bucket]) : 0
        // A pool of 0 leaves what there is, and is all of what there is not.
        let share = own + pool > 0 ? own / (own + pool) : 0
        for (tap, place) in taps(of: bucket).enumerated() {
          result[place] = Float(share * Double(filters[place]) + (1 - share) * mean[tap])
        }
      }
    }
    return result
  }

  private func mean(of buckets: [Int], _ counts: [Float]) -> [Double] {
    let total = buckets.reduce(0.0) { $0 + Double(counts[$1]) }
    var sums = [Double](repeating: 0, count: tapCount)
    for bucket in buckets {
      let share = Double(counts[bucket]) / total
      for (tap, place) in taps(of: bucket).enumerated() {
        sums[tap] += share * Double(filters[place])
      }
    }
    return sums
  }
}
