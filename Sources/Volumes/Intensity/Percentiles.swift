/// Exact percentiles of many values, without sorting or copying them.
///
/// Percentile p of n values lies at rank p / 100 * (n - 1) of the sorted values, between two of
/// them by linear interpolation (numpy.percentile's default). The order statistics come from
/// counting: one pass over the upper half of an order-preserving key, one over the lower half for
/// the few upper halves that hold a wanted rank.
package enum Percentiles {
  /// The percentiles (0...100) of the finite values; nil if there is none.
  package static func of(_ values: [Float], at percentiles: [Double]) -> [Double]? {
    let upperCounts = counts(of: values) { key in Int(key >> 16) }
    let total = upperCounts.reduce(0, +)
    guard total > 0 else { return nil }
    let positions = percentiles.map { $0 / 100 * Double(total - 1) }
    let wanted = Set(
      positions.flatMap { position in
        let rank = Int(position)
        return [rank, min(rank + 1, total - 1)]
      })
    let statistics = orderStatistics(wanted, of: values, upperCounts: upperCounts)
    return positions.map { position in
      let rank = Int(position)
      let fraction = position - Double(rank)
      guard let lower = statistics[rank], let upper = statistics[min(rank + 1, total - 1)] else {
        preconditionFailure("rank \(rank) of \(total)")
      }
      return lower + (upper - lower) * fraction
    }
  }

  /// The values at the given ranks of the sorted finite values.
  private static func orderStatistics(
    _ ranks: Set<Int>, of values: [Float], upperCounts: [Int]
  ) -> [Int: Double] {
    // The upper half of the key of each rank, and how many values lie below that half.
    var ranksByUpper: [Int: [(rank: Int, below: Int)]] = [:]
    var below = 0
    var remaining = ranks.sorted()[...]
    for (upper, count) in upperCounts.enumerated() where count > 0 {
      while let rank = remaining.first, rank < below + count {
        ranksByUpper[upper, default: []].append((rank, below))
        remaining.removeFirst()
      }
      below += count
    }
    var statistics: [Int: Double] = [:]
    for (upper, members) in ranksByUpper {
      let lowerCounts = counts(of: values) { key in
        Int(key >> 16) == upper ? Int(key & 0xFFFF) : nil
      }
      for (rank, below) in members {
        var position = below
        for (lower, count) in lowerCounts.enumerated() where count > 0 {
          if rank < position + count {
            statistics[rank] = Double(Self.value(ofKey: UInt32(upper << 16 | lower)))
            break
          }
          position += count
        }
      }
    }
    return statistics
  }

  /// How many finite values fall into each of 65,536 bins.
  private static func counts(of values: [Float], bin: (UInt32) -> Int?) -> [Int] {
    var counts = [Int](repeating: 0, count: 1 << 16)
    for value in values where value.isFinite {
      if let index = bin(key(of: value)) { counts[index] += 1 }
    }
    return counts
  }

  /// A number that orders as the value does: -0 before 0, otherwise as `<`.
  private static func key(of value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }

  private static func value(ofKey key: UInt32) -> Float {
    Float(bitPattern: key & 0x8000_0000 == 0 ? ~key : key & 0x7FFF_FFFF)
  }
}
