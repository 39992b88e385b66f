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

  /// What the scores are grouped by: a frame of a truth.
  struct Case: Sendable, Equatable {
    /// Counted over truths and frames.
    let number: Int
    let truth: String
    let frame: Int
  }

  let result: String
  let scored: Case
  let region: Region
  let voxels: Int
  /// Voxels that are not finite: of the region, or of the whole volumes where windows need them.
  let nonFiniteCount: Int
  /// Limits of the data range.
  let range: (low: Double, high: Double)
  /// In the order of the request; Dice and what is averaged over slices for the whole alone.
  let scores: [(metric: ScoreMetric, value: Double)]
  /// Dice of every label; empty without segmentations.
  let labels: [(label: Float, dice: Double)]
  /// What was measured slice by slice; empty where the region is not all.
  let slices: [SliceItem]

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
            message: "\(counted(item.nonFiniteCount, "voxel")) of it or of the truth "
              + "\(item.nonFiniteCount == 1 ? "is" : "are") not finite (region "
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

/// A metric of every slice of a result.
struct SliceItem: Sendable {
  let metric: ScoreMetric
  let result: SliceScores
  /// Of the truth, where the metric judges a volume alone.
  let truth: SliceScores?
  /// The slices that are not empty.
  let nonEmpty: SliceSelection
}
