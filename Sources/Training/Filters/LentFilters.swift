import Networks

/// Gives buckets that had too few samples for a filter the mean filter of their like.
///
/// Like a bucket are those of its strength and coherence, whatever their direction; where none of them has a
/// filter, all buckets are. The mean is weighted by samples, for a bucket of many says more about what the
/// LR operator did. Voxels that kept the interpolated value instead would keep its blur.
struct LentFilters {
  private let bins: GradientFilters.Bins
  private let tapCount: Int

  init(bins: GradientFilters.Bins, tapCount: Int) {
    self.bins = bins
    self.tapCount = tapCount
  }

  /// Fills what is missing.
  ///
  /// - Parameters:
  ///   - filters: `[bucket][tap]`, zeros for buckets without filter.
  ///   - counts: Samples of each bucket.
  /// - Returns: The same with filters lent.
  func completed(_ filters: [Float], counts: [Int]) -> [Float] {
    let owners = (0..<bins.count).filter { bucket in
      filters[taps(bucket)].contains { $0 != 0 }
    }
    guard !owners.isEmpty, owners.count < bins.count else { return filters }
    let kinds = bins.strength * bins.coherence
    let isOwner = Set(owners)
    var means: [Int: [Float]] = [:]
    var result = filters
    for bucket in 0..<bins.count where !isOwner.contains(bucket) {
      let kind = bucket % kinds
      let like = owners.filter { $0 % kinds == kind }
      let key = like.isEmpty ? -1 : kind
      let mean = means[key] ?? mean(of: like.isEmpty ? owners : like, filters, counts)
      means[key] = mean
      result.replaceSubrange(taps(bucket), with: mean)
    }
    return result
  }

  private func taps(_ bucket: Int) -> Range<Int> {
    (bucket * tapCount)..<((bucket + 1) * tapCount)
  }

  private func mean(of buckets: [Int], _ filters: [Float], _ counts: [Int]) -> [Float] {
    let total = buckets.reduce(0.0) { $0 + Double(counts[$1]) }
    var sums = [Double](repeating: 0, count: tapCount)
    for bucket in buckets {
      let share = Double(counts[bucket]) / total
      for (tap, value) in filters[taps(bucket)].enumerated() { sums[tap] += share * Double(value) }
    }
    return sums.map { Float($0) }
  }
}
