import Files
import Metrics

/// Rows of cells under a header, in the forms that `evaluate` writes.
struct ScoreTable {
  let header: [String]
  let rows: [[String]]

  var text: String { TextTable.aligned([header] + rows) }

  var markdown: String {
    func line(_ cells: [String]) -> String {
      let escaped = cells.map { $0.replacing(ascii: UInt8(ascii: "|"), with: "\\|") }
      return "| " + escaped.joined(separator: " | ") + " |"
    }
    let rule = [String](repeating: "---", count: header.count)
    return ([header, rule] + rows).map(line).joined(separator: "\n")
  }

  /// With a line feed behind every row.
  var commaSeparated: String {
    ([header] + rows).map { row in
      row.map(Self.quoted).joined(separator: ",") + "\n"
    }.joined()
  }

  /// Looks at bytes: a carriage return and a line feed are one character, which is neither of them.
  private static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return cell }
    return "\"" + cell.replacing(ascii: UInt8(ascii: "\""), with: "\"\"") + "\""
  }
}

extension EvaluateReport {
  /// What tells items apart, as far as they differ.
  private var caseHeader: [String] {
    ["result"] + (hasTruths ? ["truth"] : []) + (hasFrames ? ["frame"] : [])
  }

  private func caseCells(_ item: ScoreItem, _ shown: (String) -> String) -> [String] {
    [shown(item.result)] + (hasTruths ? [shown(item.scored.truth)] : [])
      + (hasFrames ? ["\(item.scored.frame)"] : [])
  }

  /// For the eye: a line per result, case and region.
  ///
  /// - Parameter shown: How a path is written, here and in the tables below.
  /// - Returns: The table.
  func scores(_ shown: (String) -> String) -> ScoreTable {
    ScoreTable(
      header: caseHeader + ["region", "voxels"] + request.metrics.map(\.title),
      rows: items.map { item in
        caseCells(item, shown)
          + [item.region.rawValue, "\(item.voxels)"]
          + request.metrics.map { metric in
            item.score(metric).map { ScoreText.short($0, metric) } ?? "-"
          }
      })
  }

  /// The same in full precision, with ranges and labels.
  var commaSeparated: String {
    let labels = Set(items.flatMap { $0.labels.map(\.label) }).sorted()
    return ScoreTable(
      header: [
        "result", "truth", "frame", "region", "voxels", "nonFinite", "rangeLow", "rangeHigh",
      ] + request.metrics.map(\.rawValue) + labels.map { "dice \(ScoreText.label($0))" },
      rows: items.map { item in
        [
          item.result, item.scored.truth, "\(item.scored.frame)", item.region.rawValue,
          "\(item.voxels)",
          "\(item.nonFiniteCount)", ScoreText.full(item.range.low),
          ScoreText.full(item.range.high),
        ] + request.metrics.map { item.score($0).map(ScoreText.full) ?? "" }
          + labels.map { label in
            item.labels.first { $0.label == label }.map { ScoreText.full($0.dice) } ?? ""
          }
      }
    ).commaSeparated
  }

  /// Dice per label, where there are several.
  func labelTable(_ shown: (String) -> String) -> ScoreTable? {
    let chosen = items.filter { $0.region == .whole && !$0.labels.isEmpty }
    guard !chosen.isEmpty else { return nil }
    return ScoreTable(
      header: caseHeader + ["label", "dice"],
      rows: chosen.flatMap { item in
        item.labels.map { label, dice in
          caseCells(item, shown)
            + [ScoreText.label(label), ScoreText.short(dice, .dice)]
        }
      })
  }

  /// Over cases.
  func summaryTable(_ shown: (String) -> String) -> ScoreTable? {
    guard !statistics.summaries.isEmpty else { return nil }
    return ScoreTable(
      header: ["result", "region", "metric", "n", "mean", "sd", "median", "95 % interval"],
      rows: statistics.summaries.map { summary in
        let metric = summary.metric
        return [
          shown(summary.result), summary.region.rawValue, metric.title,
          "\(summary.scores.values.count)", ScoreText.short(summary.scores.mean, metric),
          ScoreText.short(summary.scores.standardDeviation, metric),
          ScoreText.short(summary.scores.median, metric),
          ScoreText.interval(summary.interval, metric),
        ]
      })
  }

  /// Between results.
  func comparisonTable(_ shown: (String) -> String) -> ScoreTable? {
    guard !statistics.comparisons.isEmpty else { return nil }
    return ScoreTable(
      header: [
        "result", "against", "region", "metric", "n", "difference", "95 % interval", "p (Wilcoxon)",
      ],
      rows: statistics.comparisons.map { comparison in
        let metric = comparison.metric
        return [
          shown(comparison.result), shown(comparison.against),
          comparison.region.rawValue, metric.title, "\(comparison.test.count)",
          ScoreText.short(comparison.differences.mean, metric),
          ScoreText.interval(comparison.interval, metric),
          ScoreText.short(comparison.test.probability),
        ]
      })
  }
}

/// Scores as text.
enum ScoreText {
  /// Decibels with 4 decimals, shares with 6, others with 6 digits.
  static func short(_ value: Double, _ metric: ScoreMetric) -> String {
    guard value.isFinite else { return full(value) }
    switch metric {
    case .psnr: return NumberText.fixed(value, decimals: 4)
    case .mae, .rmse: return NumberText.short(value)
    case .ssim, .hfen, .nrmse, .dice, .psi, .lpcsi, .lpips:
      return NumberText.fixed(value, decimals: 6)
    }
  }

  static func short(_ value: Double) -> String {
    value.isFinite ? NumberText.short(value, significant: 3) : full(value)
  }

  static func interval(_ bounds: (lower: Double, upper: Double), _ metric: ScoreMetric) -> String {
    "\(short(bounds.lower, metric)) to \(short(bounds.upper, metric))"
  }

  static func label(_ value: Float) -> String { NumberText.text(Double(value)) }

  /// The shortest text that reads back as the same number, or `inf`, `-inf`, `nan`.
  static func full(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value > 0 ? "inf" : "-inf" }
    return NumberText.text(value)
  }
}
