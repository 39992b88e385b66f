import Foundation
import Volumes

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

  /// The root of the mean squared difference.
  public var rootMeanSquare: Double { meanSquared.squareRoot() }

  /// 20 log10(R) - 10 log10(MSE), in dB; infinite for equal images, -infinite for unequal ones with
  /// a constant reference, NaN for an empty mask.
  public var peakSignalToNoise: Double {
    if meanSquared == 0 { return .infinity }
    return 20 * log10(range) - 10 * log10(meanSquared)
  }

  /// Compares voxels of two arrays of one size and order.
  ///
  /// - Parameters:
  ///   - image: The values to judge.
  ///   - reference: The truth.
  ///   - mask: Nonzero where voxels count; nil for all.
  ///   - range: R; nil for max - min of all voxels of the reference.
  /// - Throws: ``ComparisonError`` if the counts differ.
  public init(
    _ image: [Float], against reference: [Float], mask: [UInt8]? = nil, range: Double? = nil
  ) throws(ComparisonError) {
    guard image.count == reference.count else {
      throw .unlikeCounts(image: image.count, reference: reference.count)
    }
    if let mask, mask.count != reference.count {
      throw .unlikeCounts(image: mask.count, reference: reference.count)
    }
    var squares = 0.0
    var absolutes = 0.0
    var count = 0
    var nonFinite = 0
    for index in reference.indices where mask.map({ $0[index] != 0 }) ?? true {
      let difference = Double(image[index]) - Double(reference[index])
      if !image[index].isFinite || !reference[index].isFinite { nonFinite += 1 }
      squares += difference * difference
      absolutes += abs(difference)
      count += 1
    }
    self.count = count
    nonFiniteCount = nonFinite
    meanSquared = nonFinite > 0 ? .nan : squares / Double(count)
    meanAbsolute = nonFinite > 0 ? .nan : absolutes / Double(count)
    self.range = range ?? Self.range(of: reference)
  }

  /// Compares two volumes on one grid.
  ///
  /// - Parameters:
  ///   - image: The volume to judge.
  ///   - reference: The truth.
  ///   - mask: Nonzero where voxels count, in the order of the voxels; nil for all.
  ///   - range: R; nil for max - min of all voxels of the reference.
  /// - Throws: ``ComparisonError`` if the sizes differ, or a corner lies elsewhere by more than
  ///   1e-3 mm. Volumes are never resampled here.
  public init(
    _ image: Volume, against reference: Volume, mask: [UInt8]? = nil, range: Double? = nil
  ) throws(ComparisonError) {
    guard image.grid.size == reference.grid.size else {
      throw .unlikeSizes(image: image.grid.size, reference: reference.grid.size)
    }
    let distance = image.grid.largestCornerDistance(to: reference.grid)
    guard distance <= 1e-3 else { throw .unlikePlaces(millimetres: distance) }
    try self.init(image.voxels, against: reference.voxels, mask: mask, range: range)
  }

  private static func range(of reference: [Float]) -> Double {
    var low = Float.infinity
    var high = -Float.infinity
    for value in reference {
      // A value that is not a number makes the range one too.
      if value.isNaN { return .nan }
      low = min(low, value)
      high = max(high, value)
    }
    return Double(high) - Double(low)
  }
}

extension Grid {
  /// How far apart the corner voxels' centres of two grids of one size are at most, in millimetres.
  func largestCornerDistance(to other: Grid) -> Double {
    var largest = 0.0
    for corner in 0..<8 {
      let voxel = SIMD3<Double>(
        SIMD3(
          corner & 1 == 0 ? 0 : size.x - 1, corner & 2 == 0 ? 0 : size.y - 1,
          corner & 4 == 0 ? 0 : size.z - 1))
      let difference = affine.apply(voxel) - other.affine.apply(voxel)
      largest = max(largest, (difference * difference).sum().squareRoot())
    }
    return largest
  }
}
