import Metrics
import Volumes
import Workers

/// How near a result is to the truth; the measures of `arssr evaluate` that need nothing but both.
public struct Scores: Sendable, Equatable {
  /// Peak signal-to-noise ratio in dB.
  public let psnr: Double
  /// Structural similarity with windows of 7 x 7 x 7 voxels.
  public let ssim: Double
  /// Mean absolute difference.
  public let mae: Double
  /// Root of the mean squared difference.
  public let rmse: Double
  /// ``rmse`` over the root of the truth's mean square.
  public let nrmse: Double
  /// High-frequency error norm.
  public let hfen: Double
  /// The data range that ``psnr`` and ``ssim`` were computed with.
  public let range: Double
  /// Voxels that count.
  public let voxels: Int
  /// Voxels at which one of the volumes is not finite; the measures that need them are NaN.
  public let nonFiniteCount: Int
}

extension Computer {
  /// Scores a result.
  ///
  /// - Parameters:
  ///   - result: On the truth's grid; nothing is resampled.
  ///   - truth: What it should be.
  ///   - mask: Not 0 where voxels count, in the order of the voxels; nil: all.
  ///   - range: The data range; nil: max - min of all voxels of the truth.
  /// - Returns: The scores.
  /// - Throws: If the volumes lie elsewhere, or an axis has fewer than 7 voxels.
  public func scores(
    of result: Volume, against truth: Volume, mask: [UInt8]? = nil, range: Double? = nil
  ) throws(SuperResolutionError) -> Scores {
    try SuperResolutionError.of {
      let pair = try ImagePair(result, against: truth)
      let errors = try VoxelErrors(pair, mask: mask, range: range, pool: pool)
      let similarity = try StructuralSimilarity(
        pair, masks: [mask], range: errors.range, kernels: kernels, pool: pool)
      let frequencies = try HighFrequencyError(pair, masks: [mask], pool: pool)
      return Scores(
        psnr: errors.peakSignalToNoise, ssim: similarity.means[0], mae: errors.meanAbsolute,
        rmse: errors.rootMeanSquare, nrmse: errors.normalisedRootMeanSquare(),
        hfen: frequencies.ratios[0], range: errors.range, voxels: errors.count,
        nonFiniteCount: max(errors.nonFiniteCount, similarity.nonFiniteCount))
    }
  }
}
