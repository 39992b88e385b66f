import Files
import Metrics

/// The scores of one frame of a result, over one region.
struct ScoreItem: Sendable {
  /// Which voxels count.
  enum Region: String, Sendable {
    /// All, less the border.
    case whole
    /// Those of the mask, less the border.
    case mask
  }

  let result: String
  let frame: Int
  let region: Region
  let voxels: Int
  /// Voxels that are not finite: of the region, or of the whole volumes where windows need them.
  let nonFiniteCount: Int
  /// Limits of the data range.
  let range: (low: Double, high: Double)
  /// In the order of the request; Dice and PSI, which know no mask, for the whole alone.
  let scores: [(metric: ScoreMetric, value: Double)]
  /// Dice of every label; empty without segmentations.
  let labels: [(label: Float, dice: Double)]
  /// Of the result and of the truth, where PSI was asked for and the region is all.
  let sharpness: (result: VolumeSharpness, truth: VolumeSharpness)?

  func score(_ metric: ScoreMetric) -> Double? {
    scores.first { $0.metric == metric }?.value
  }

  /// What the user should know of the scores.
  static func notices(_ items: [ScoreItem]) -> [Notice] {
    var notices: [Notice] = []
    for item in items {
      if item.nonFiniteCount > 0 {
        notices.append(
          Notice(
            code: "volume.nonfinite", subject: item.result,
            message: "\(item.nonFiniteCount) voxels of it or of the truth are not finite (region "
              + "\(item.region.rawValue)), so scores that need them are nan"))
      }
      if item.voxels == 0 {
        notices.append(
          Notice(
            code: "volume.overlap", subject: item.result,
            message: "no voxel counts (region \(item.region.rawValue)), so scores are nan"))
      }
      if item.range.low == item.range.high {
        notices.append(
          Notice(
            code: "usage.value", subject: "--range truth",
            message: "the truth is constant, so psnr and ssim have no range"))
      }
    }
    return notices
  }
}
