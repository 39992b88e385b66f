import Glibc

/// A mixture of three Gaussians over gray values from 0 to 1: the tissues of a masked volume.
///
/// Fitted to a histogram, so that it does not depend on how the voxels are shared out: start means at fixed
/// shares of the voxels, 20 rounds of k-means, 30 of expectation and maximisation.
struct TissueModel: Sendable, Equatable {
  static let classCount = 3
  static let binCount = 4096

  /// In rising order.
  private(set) var means: [Double]
  private(set) var variances: [Double]
  /// Shares of the voxels.
  private(set) var weights: [Double]

  /// Added to every variance.
  private static let leastVariance = 1e-6

  /// - Parameter histogram: Voxels per bin of equal width; at least one.
  init(histogram: [Int]) {
    let bins = histogram.indices.filter { histogram[$0] > 0 }.map { bin in
      Bin(value: (Double(bin) + 0.5) / Double(Self.binCount), count: Double(histogram[bin]))
    }
    means = Self.startMeans(bins)
    variances = []
    weights = []
    for _ in 0..<20 { updateMeans(bins) }
    measureClasses(bins)
    for _ in 0..<30 { maximise(bins) }
    let order = (0..<Self.classCount).sorted { (means[$0], $0) < (means[$1], $1) }
    means = order.map { means[$0] }
    variances = order.map { variances[$0] }
    weights = order.map { weights[$0] }
  }

  /// Minus the logarithm of a class's share and density, up to a constant.
  func cost(_ value: Double, ofClass index: Int) -> Double {
    let difference = value - means[index]
    return 0.5 * log(variances[index]) + difference * difference / (2 * variances[index])
      - log(weights[index])
  }

  private struct Bin {
    let value: Double
    let count: Double
  }

  private static func startMeans(_ bins: [Bin]) -> [Double] {
    let total = bins.reduce(0) { $0 + $1.count }
    return [0.15, 0.5, 0.85].map { share in
      var below = 0.0
      for bin in bins {
        below += bin.count
        if below >= share * total { return bin.value }
      }
      return bins.last?.value ?? 0
    }
  }

  /// The class with the nearest mean, the lower of two.
  private func nearest(_ value: Double) -> Int {
    var best = 0
    for index in 1..<Self.classCount where abs(value - means[index]) < abs(value - means[best]) {
      best = index
    }
    return best
  }

  private mutating func updateMeans(_ bins: [Bin]) {
    var sums = [Double](repeating: 0, count: Self.classCount)
    var counts = sums
    for bin in bins {
      let index = nearest(bin.value)
      sums[index] += bin.count * bin.value
      counts[index] += bin.count
    }
    for index in means.indices where counts[index] > 0 {
      means[index] = sums[index] / counts[index]
    }
  }

  private mutating func measureClasses(_ bins: [Bin]) {
    var squares = [Double](repeating: 0, count: Self.classCount)
    var counts = squares
    for bin in bins {
      let index = nearest(bin.value)
      let difference = bin.value - means[index]
      squares[index] += bin.count * difference * difference
      counts[index] += bin.count
    }
    variances = zip(squares, counts).map { $0 / max($1, 1) + Self.leastVariance }
    let total = counts.reduce(0) { $0 + max($1, 1) }
    weights = counts.map { max($0, 1) / total }
  }

  /// One round of expectation and maximisation.
  private mutating func maximise(_ bins: [Bin]) {
    let shares = bins.map { bin -> [Double] in
      let logarithms = means.indices.map { -cost(bin.value, ofClass: $0) }
      let largest = logarithms.max() ?? 0
      let densities = logarithms.map { exp($0 - largest) }
      let sum = densities.reduce(0, +)
      return densities.map { bin.count * $0 / sum }
    }
    let total = bins.reduce(0) { $0 + $1.count }
    for index in means.indices {
      let sum = max(shares.reduce(0) { $0 + $1[index] }, 1e-12)
      let mean = zip(shares, bins).reduce(0) { $0 + $1.0[index] * $1.1.value } / sum
      let squares = zip(shares, bins).reduce(0) { result, pair in
        let difference = pair.1.value - mean
        return result + pair.0[index] * difference * difference
      }
      means[index] = mean
      variances[index] = squares / sum + Self.leastVariance
      weights[index] = sum / total
    }
  }
}
