import Metrics

/// What the frames of a series, or the volumes of a folder, say together.
struct ScoreStatistics: Sendable {
  /// Replicates of every bootstrap interval.
  static let replicates = 10_000

  /// The scores of a result over all cases.
  struct Summary: Sendable {
    let result: String
    let region: ScoreItem.Region
    let metric: ScoreMetric
    let scores: ScoreSummary
    let interval: (lower: Double, upper: Double)
  }

  /// The differences between two results, case by case.
  struct Comparison: Sendable {
    let result: String
    let against: String
    let region: ScoreItem.Region
    let metric: ScoreMetric
    let differences: ScoreSummary
    let interval: (lower: Double, upper: Double)
    let test: SignedRankTest
  }

  private(set) var summaries: [Summary] = []
  private(set) var comparisons: [Comparison] = []

  /// Nothing where there is one case.
  init(_ items: [ScoreItem], _ request: EvaluateRequest) {
    guard items.contains(where: { $0.scored.number > 0 }) else { return }
    for region in [ScoreItem.Region.whole, .mask] {
      for metric in request.metrics
      where items.contains(where: { $0.region == region && $0.score(metric) != nil }) {
        let series = request.results.indices.map { index -> [Double] in
          // Items come case by case, and in each in the order of the results.
          let chosen = items.filter { $0.region == region }
          return stride(from: index, to: chosen.count, by: request.results.count).map {
            chosen[$0].score(metric) ?? .nan
          }
        }
        for (index, scores) in series.enumerated() {
          let summary = ScoreSummary(scores)
          summaries.append(
            Summary(
              result: request.results[index], region: region, metric: metric, scores: summary,
              interval: summary.interval(replicates: Self.replicates, seed: request.seed)))
        }
        for (index, scores) in series.enumerated() {
          for other in 0..<index {
            let differences = ScoreSummary(zip(scores, series[other]).map { $0 - $1 })
            comparisons.append(
              Comparison(
                result: request.results[index], against: request.results[other], region: region,
                metric: metric, differences: differences,
                interval: differences.interval(
                  replicates: Self.replicates, seed: request.seed),
                test: SignedRankTest(scores, series[other])))
          }
        }
      }
    }
  }
}
