import Metrics

/// What JSON says of a metric that is measured slice by slice.
struct SliceReport {
  let item: SliceItem
  /// Whether every slice is listed.
  let isListed: Bool

  init(_ item: SliceItem, listed: Bool) {
    self.item = item
    isListed = listed
  }

  var json: JSON {
    .object([
      ("metric", .string(item.metric.rawValue)), ("result", members(item.result)),
      ("truth", item.truth.map(members) ?? .null),
    ])
  }

  private func members(_ scores: SliceScores) -> JSON {
    let positive = scores.values.joined().compactMap { $0 }.filter { $0 > 0 }
    let all = SliceSelection(allOf: SIMD3(scores.values.map(\.count)))
    return .object([
      ("mean", .score(scores.mean)),
      ("axes", .array((0..<3).map { .score(scores.mean(axis: $0, all)) })),
      ("slices", .integer(scores.count(all))), ("skipped", .integer(scores.skippedCount)),
      ("nonEmpty", .integer(scores.count(item.nonEmpty))),
      ("meanOfNonEmpty", .score(scores.mean(item.nonEmpty))),
      ("positive", .integer(positive.count)),
      (
        "meanOfPositive",
        .score(positive.reduce(0, +) / Double(positive.count))
      ),
      (
        "values",
        isListed
          ? .array(scores.values.map { .array($0.map { $0.map(JSON.score) ?? .null }) }) : .null
      ),
    ])
  }
}
