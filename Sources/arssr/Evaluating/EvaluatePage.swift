import Files
import Volumes
import Workers

/// The report of a run of `evaluate`: pictures of the first frame, tables, and box plots over
/// frames.
struct EvaluatePage {
  private let report: EvaluateReport
  private let truth: String
  private let pool: WorkerPool

  /// Results that are shown in pictures; tables hold all.
  private static let mostPictures = 5
  /// Lines of a table on a page.
  private static let mostRows = 200

  init(_ report: EvaluateReport, truth: String, pool: WorkerPool) {
    self.report = report
    self.truth = truth
    self.pool = pool
  }

  private var request: EvaluateRequest { report.request }

  /// Makes the page and gives the file its name.
  func write(to file: AtomicOutputFile) throws(Failure) {
    let page = try document().page
    try Failure.of { () throws(FileError) in
      try file.write(page)
      try file.commit()
    }
  }

  private func document() throws(Failure) -> ReportDocument {
    let shown = request.results.prefix(Self.mostPictures).map(name)
    let first = try Self.volume(request.results[0])
    var content = try ReportContent(
      first, as: ("result", shown[0]), layerCount: shown.count + 1, pool: pool)
    for (index, name) in shown.enumerated().dropFirst() {
      try content.add(
        try Self.volume(request.results[index]).voxels, as: ("result-\(index + 1)", name))
    }
    try content.add(try Self.volume(truth).voxels, as: ("truth", "truth"))
    content.finish()
    let count = request.results.count
    var document = ReportDocument(
      title: "\(counted(count, "result")) against \(SidecarParts.name(truth))",
      summary: ReportFacts.line(first.grid), content: content)
    document.start = ("result", "truth")
    document.tables = tables
    document.boxes = boxes
    document.facts = [("Scores", [("Recipe", named(report.recipe))]), ("Volumes", volumeRows)]
    document.figures = figures
    document.warnings = report.warnings.map {
      Failure.text(subject: $0.subject, message: $0.message)
    }
    document.citations = ReportFacts.citations(model: nil, scale: nil)
    return document
  }

  private var volumeRows: ReportFacts.Rows {
    request.results.enumerated().map { index, path in
      (index == 0 ? "Results" : "", name(path))
    } + [("Truth", name(truth))]
  }

  /// The name of a file without its folder, where that tells it from the others.
  private func name(_ path: String) -> String {
    let name = SidecarParts.name(path)
    let alike = (request.results + [truth]).filter { SidecarParts.name($0) == name }
    return alike.count == 1 ? name : path
  }

  /// A text of the report with names in place of paths.
  private func named(_ text: String) -> String {
    (request.results + [truth]).reduce(text) {
      $0.replacing(Escaping.path($1), with: Escaping.path(name($1)))
    }
  }

  /// The scores of the first result over the smallest region.
  private var figures: [(value: String, label: String)] {
    let first = report.items.last {
      $0.result == request.results[0] && $0.scored.frame == 0
    }
    guard let item = first else { return [] }
    let region = item.region == .mask ? " in the mask" : ""
    return item.scores.prefix(3).map { metric, value in
      (ScoreText.short(value, metric), "\(metric.title)\(region)")
    }
  }

  private var tables: [(caption: String, table: ScoreTable)] {
    let parts: [(caption: String, table: ScoreTable?)] = [
      ("Over frames", report.summaryTable), ("Between results", report.comparisonTable),
      ("Scores", report.scores), ("Dice per label", report.labelTable),
    ]
    return parts.compactMap { caption, table in
      table.map { table in
        let isCut = table.rows.count > Self.mostRows
        return (
          isCut ? "\(caption) (first \(Self.mostRows) of \(table.rows.count) lines)" : caption,
          ScoreTable(
            header: table.header,
            rows: table.rows.prefix(Self.mostRows).map { $0.map(named) })
        )
      }
    }
  }

  /// One plot per score and region where there are several frames.
  private var boxes: [ReportDocument.Box] {
    guard report.hasFrames else { return [] }
    return [ScoreItem.Region.mask, .whole].flatMap { region in
      request.metrics.compactMap { metric in
        let series = request.results.enumerated().map { index, result in
          (
            id: index == 0 ? "result" : "result-\(index + 1)", name: name(result),
            values: report.items.filter { $0.result == result && $0.region == region }
              .compactMap { $0.score(metric) }.filter(\.isFinite)
          )
        }
        return series.allSatisfy { $0.values.isEmpty }
          ? nil
          : ReportDocument.Box(
            title: "\(metric.title), \(region.rawValue)",
            series: series.filter { !$0.values.isEmpty })
      }
    }
  }

  /// The first frame; voxels that are not finite are shown as 0.
  private static func volume(_ path: String) throws(Failure) -> Volume {
    try Failure.of { () throws(VolumeError) in
      try VolumeReader(path: path).readFrame(0, nonFinite: .zero)
    }
  }
}
