import Files
import Volumes
import Workers

/// The report of a run of `evaluate`: pictures of the first frame, tables, and box plots over
/// frames.
struct EvaluatePage {
  private let report: EvaluateReport
  private let truth: String
  private let pool: WorkerPool
  /// What results and truth are called: without their folders, where that tells them apart.
  private let names: [String: String]

  /// Results that are shown in pictures; tables hold all.
  private static let mostPictures = 5
  /// Lines of a table on a page.
  private static let mostRows = 200

  init(_ report: EvaluateReport, truth: String, pool: WorkerPool) {
    self.report = report
    self.truth = truth
    self.pool = pool
    let paths = report.request.results + [truth]
    let last = paths.map { SidecarParts.name($0) }
    let counts = Dictionary(last.map { ($0, 1) }, uniquingKeysWith: +)
    let pairs = zip(paths, last).map { path, name in (path, counts[name] == 1 ? name : path) }
    names = Dictionary(pairs) { first, _ in first }
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
    let pictured = request.results.prefix(Self.mostPictures).map(name)
    let first = try Self.volume(request.results[0])
    var content = try ReportContent(
      first, as: ("result", pictured[0]), layerCount: pictured.count + 1, pool: pool)
    for (index, name) in pictured.enumerated().dropFirst() {
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
    document.facts = [("Scores", [("Recipe", report.recipe(shown))]), ("Volumes", volumeRows)]
    document.figures = figures
    document.warnings = ReportFacts.texts(report.warnings + frameNotices)
    document.citations = ReportFacts.citations(
      request.results.map { (name: shown($0), origin: ReportSidecar(of: $0).origin) })
    return document
  }

  private var volumeRows: ReportFacts.Rows {
    request.results.enumerated().map { index, path in
      (index == 0 ? "Results" : "", name(path))
    } + [("Truth", name(truth))]
  }

  private func name(_ path: String) -> String { names[path] ?? path }

  /// A file in a text or a table; those that are no volume of the page as they were given.
  private func shown(_ path: String) -> String { Escaping.whole(name(path)) }

  /// What the pictures are of; nothing where there is one frame.
  private var frameNotices: [Notice] {
    let count = 1 + (report.items.map(\.scored.frame).max() ?? 0)
    guard count > 1 else { return [] }
    return [
      Notice(
        code: "volume.dim", subject: truth,
        message: "has \(count) frames; pictures, histograms, spectra and seams are those of the "
          + "first")
    ]
  }

  /// The scores of the first result over the smallest region; of a series their means.
  private var figures: [(value: String, label: String)] {
    let first = report.items.last {
      $0.result == request.results[0] && $0.scored.frame == 0
    }
    guard let item = first else { return [] }
    let region = item.region == .mask ? " in the mask" : ""
    return item.scores.prefix(3).map { metric, value -> (value: String, label: String) in
      let overFrames = report.statistics.summaries.first {
        $0.result == item.result && $0.region == item.region && $0.metric == metric
      }
      guard let scores = overFrames?.scores else {
        return (ScoreText.short(value, metric), "\(metric.title)\(region)")
      }
      let frames = counted(scores.values.count, "frame")
      return (
        ScoreText.short(scores.mean, metric), "\(metric.title)\(region), mean of \(frames)"
      )
    }
  }

  private var tables: [(caption: String, table: ScoreTable)] {
    let parts: [(caption: String, table: ScoreTable?)] = [
      ("Over frames", report.summaryTable(shown)),
      ("Between results", report.comparisonTable(shown)),
      ("Scores", report.scores(shown)), ("Dice per label", report.labelTable(shown)),
    ]
    return parts.compactMap { caption, table in
      table.map { table in
        let isCut = table.rows.count > Self.mostRows
        return (
          isCut ? "\(caption) (first \(Self.mostRows) of \(table.rows.count) lines)" : caption,
          ScoreTable(header: table.header, rows: Array(table.rows.prefix(Self.mostRows)))
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
