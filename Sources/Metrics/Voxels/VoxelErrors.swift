import Glibc
import Workers

/// Voxel-wise differences between an image and its reference, summed in double.
///
/// The peak signal-to-noise ratio is that of the ArSSR publication: the range is the reference's,
/// over all its voxels, also where a mask chooses the voxels that are compared. On volumes whose
/// background is 0 in both images the value over all voxels is several dB above that inside the
/// object, so say which it is.
public struct VoxelErrors: Sendable, Equatable {
  /// The number of voxels compared.
  public let count: Int
  /// The data range R that ``peakSignalToNoise`` uses.
  public let range: Double
  /// The mean of the squared differences.
  public let meanSquared: Double
  /// The mean of the absolute differences.
  public let meanAbsolute: Double
  /// Compared voxels at which one of the images is not finite.
  ///
  /// If there are any, every measure is NaN: they are never skipped.
  public let nonFiniteCount: Int
  /// Of the reference's compared voxels.
  private let referenceMeanSquared: Double
  private let referenceMean: Double
  private let referenceSpread: Double

  /// The root of the mean squared difference.
  public var rootMeanSquare: Double { meanSquared.squareRoot() }

  /// 20 log10(R) - 10 log10(MSE), in dB; infinite for equal images, -infinite for unequal ones with
  /// a constant reference, NaN for an empty mask.
  public var peakSignalToNoise: Double {
    if meanSquared == 0 { return .infinity }
    return 20 * log10(range) - 10 * log10(meanSquared)
  }

  /// What the root of the mean squared difference is divided by.
  public enum Normalisation: String, Sendable, CaseIterable {
    /// The root of the reference's mean square.
    case euclidean
    /// The reference's max - min.
    case minMax = "min-max"
    /// The reference's mean.
    case mean
  }

  /// The root mean squared difference over a measure of the reference, both over the voxels compared.
  ///
  /// Where that measure is 0: infinite for unequal images, NaN for equal ones.
  public func normalisedRootMeanSquare(_ normalisation: Normalisation = .euclidean) -> Double {
    let measure =
      switch normalisation {
      case .euclidean: referenceMeanSquared.squareRoot()
      case .minMax: referenceSpread
      case .mean: referenceMean
      }
    return rootMeanSquare / measure
  }

  /// Compares two images.
  ///
  /// - Parameters:
  ///   - pair: The images.
  ///   - mask: Nonzero where voxels count, in the order of the voxels; nil for all.
  ///   - range: R; nil for max - min of all voxels of the reference.
  ///   - pool: Shares the voxels; its size changes no result.
  /// - Throws: ``ComparisonError/unlikeCounts(image:reference:)`` if the mask is of another size.
  public init(
    _ pair: ImagePair, mask: [UInt8]? = nil, range: Double? = nil, pool: WorkerPool
  ) throws(ComparisonError) {
    try pair.check([mask])
    let sums = pool.chunks(of: pair.reference.count) { Sums(pair, $0, mask: mask) }
      .reduce(Sums()) { $0.adding($1) }
    let divisor = sums.nonFinite > 0 ? Double.nan : Double(sums.count)
    count = sums.count
    nonFiniteCount = sums.nonFinite
    meanSquared = sums.squares / divisor
    meanAbsolute = sums.absolutes / divisor
    referenceMeanSquared = sums.referenceSquares / divisor
    referenceMean = sums.reference / divisor
    referenceSpread = Double(sums.high) - Double(sums.low)
    self.range = range ?? pair.referenceRange(pool: pool)
  }
}

/// What is known of some voxels.
private struct Sums {
  var count = 0
  var nonFinite = 0
  var squares = 0.0
  var absolutes = 0.0
  var referenceSquares = 0.0
  var reference = 0.0
  var low = Float.infinity
  var high = -Float.infinity

  init() {}

  init(_ pair: ImagePair, _ chunk: Range<Int>, mask: [UInt8]?) {
    for index in chunk {
      if let mask, mask[index] == 0 { continue }
      let (value, truth) = (pair.image[index], pair.reference[index])
      if !value.isFinite || !truth.isFinite { nonFinite += 1 }
      let difference = Double(value) - Double(truth)
      squares += difference * difference
      absolutes += abs(difference)
      referenceSquares += Double(truth) * Double(truth)
      reference += Double(truth)
      low = min(low, truth)
      high = max(high, truth)
      count += 1
    }
  }

  func adding(_ other: Sums) -> Sums {
    var result = self
    result.count += other.count
    result.nonFinite += other.nonFinite
    result.squares += other.squares
    result.absolutes += other.absolutes
    result.referenceSquares += other.referenceSquares
    result.reference += other.reference
    result.low = min(low, other.low)
    result.high = max(high, other.high)
    return result
  }
}
