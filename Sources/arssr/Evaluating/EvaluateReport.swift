import Files
import Metrics
import Volumes
import Workers

/// What `evaluate` prints: `arssr.evaluate/1`, or tables.
struct EvaluateReport {
  private static let schema = "arssr.evaluate/1"

  let request: EvaluateRequest
  let machine: Machine
  let items: [ScoreItem]
  let warnings: [Notice]
  let statistics: ScoreStatistics

  init(request: EvaluateRequest, machine: Machine, items: [ScoreItem], warnings: [Notice]) {
    self.request = request
    self.machine = machine
    self.items = items
    self.warnings = warnings
    statistics = ScoreStatistics(items, request)
  }

  var hasFrames: Bool { items.contains { $0.scored.frame > 0 } }
  var hasCases: Bool { items.contains { $0.scored.number > 0 } }
  /// Whether there are truths to tell apart.
  var hasTruths: Bool { items.contains { $0.scored.truth != items[0].scored.truth } }

  /// For the eye: paths that are long lose their middle.
  var text: String {
    (tables(Escaping.path).map(\.text) + [recipe(Escaping.path)]).joined(separator: "\n\n")
  }

  /// For a file, in which two results never have the same name.
  var markdown: String {
    let parts = tables(Escaping.whole).map(\.markdown) + [recipe(Escaping.whole)]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func tables(_ shown: (String) -> String) -> [ScoreTable] {
    [scores(shown)]
      + [labelTable(shown), summaryTable(shown), comparisonTable(shown)].compactMap { $0 }
  }

  /// How the scores were made, for whoever reads the table alone.
  ///
  /// - Parameter shown: How a path is written.
  /// - Returns: One line.
  func recipe(_ shown: (String) -> String) -> String {
    var parts: [String] = []
    if !hasTruths, let truth = items.first?.scored.truth {
      parts.append("truth \(shown(truth))")
    }
    if let contenders = request.contenders { parts.append(contenders.text) }
    if request.resamples { parts.append("results resampled onto the truth's grid") }
    let first = hasCases ? ", first case" : ""
    if let range = items.first?.range {
      let limits = "\(NumberText.short(range.low)) to \(NumberText.short(range.high))"
      var origin = "fixed"
      if request.range == .truth { origin = "truth" + first }
      parts.append("range \(limits) (\(origin))")
    }
    if request.metrics.contains(.ssim) {
      parts.append("SSIM window \(request.window.rawValue)")
    }
    for slices in items.first?.slices ?? [] {
      guard let truth = slices.truth else { continue }
      let mean = request.slices == .all ? truth.mean : truth.mean(slices.nonEmpty)
      parts.append(
        "\(slices.metric.rawValue) of the truth \(ScoreText.short(mean, slices.metric))"
          + (hasCases ? " (first case)" : ""))
      if slices.metric == .psi, let remark = Self.remark(onSidesOf: truth) {
        parts.append(remark + first)
      }
    }
    if request.metrics.contains(where: \.isOfSlices), request.slices == .nonempty {
      parts.append("means over slices that are not empty")
    }
    if request.masksBackground {
      parts.append("background outside the mask cleared for psi and lpcsi")
    }
    if let perception = request.perception {
      parts.append(
        "LPIPS 0.1 with \(perception.network.rawValue) of \(shown(perception.weights))")
    }
    if request.segments { parts.append("labels by \(TissueSegmentation.name)") }
    if request.mask != .none { parts.append("mask \(shown(request.mask.text))") }
    if request.border > 0 { parts.append("border \(request.border) voxels") }
    if hasCases {
      parts.append(
        "intervals of the mean by \(ScoreStatistics.replicates) bootstrap replicates, seed "
          + "\(request.seed)")
    }
    return parts.joined(separator: "; ")
  }

  /// Why PSI is 0, or low, in a volume with short axes; nil where there is none.
  private static func remark(onSidesOf scores: SliceScores) -> String? {
    let counts = scores.values.map(\.count)
    let unmeasured = VolumeSharpness(size: SIMD3(counts)).unmeasuredSliceCount
    guard unmeasured > 0 else { return nil }
    let total = counts.reduce(0, +)
    let share = unmeasured == total ? "all \(total)" : "\(unmeasured) of \(total)"
    return "psi is 0 in slices with a side below \(VolumeSharpness.leastPerceptualSide) voxels, "
      + "which \(share) have"
  }

  var json: JSON {
    Self.report(
      request, status: "ok", machine: machine.json, items: items.map(item),
      summary: statistics.summaries.map(Self.summary),
      comparisons: statistics.comparisons.map(Self.comparison), warnings: warnings, error: .null)
  }

  static func failed(_ request: EvaluateRequest, _ failure: Failure, warnings: [Notice]) -> JSON {
    report(
      request, status: "failed", machine: .null, items: [], summary: [], comparisons: [],
      warnings: warnings, error: failure.json)
  }

  private static func report(
    _ request: EvaluateRequest, status: String, machine: JSON, items: [JSON], summary: [JSON],
    comparisons: [JSON], warnings: [Notice], error: JSON
  ) -> JSON {
    let range: JSON =
      switch request.range {
      case .truth: .string("truth")
      case .fixed(let low, let high): .array([.number(low), .number(high)])
      }
    return .object([
      ("schema", .string(schema)), ("version", .string(Arssr.version)),
      ("status", .string(status)), ("machine", machine),
      (
        "recipe",
        .object([
          ("metrics", .strings(request.metrics.map(\.rawValue))),
          ("mask", .string(request.mask.text)), ("range", range),
          ("border", .integer(request.border)), ("ssimWindow", .string(request.window.rawValue)),
          ("slices", .string(request.slices.rawValue)),
          ("maskBackground", .boolean(request.masksBackground)),
          ("lpips", .optional(request.perception?.network.rawValue)),
          (
            "segmentation",
            .optional(
              request.segments ? TissueSegmentation.name : request.truthLabels.map { _ in "files" })
          ),
          ("seed", .string(String(request.seed))),
          ("replicates", .integer(ScoreStatistics.replicates)),
          ("resample", .boolean(request.resamples)),
          ("degradation", request.contenders?.json ?? .null),
          ("exact", .boolean(request.computing.isExact)),
          ("precision", .string(request.computing.precision.rawValue)),
        ])
      ),
      ("items", .array(items)), ("summary", .array(summary)),
      ("comparisons", .array(comparisons)),
      ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
      ("warnings", RunReport.warnings(warnings)), ("error", error),
    ])
  }

  private func item(_ item: ScoreItem) -> JSON {
    .object(
      [
        ("truth", .string(item.scored.truth)), ("result", .string(item.result)),
        ("frame", .integer(item.scored.frame)), ("region", .string(item.region.rawValue)),
        ("voxels", .integer(item.voxels)), ("nonFinite", .integer(item.nonFiniteCount)),
        ("range", .array([.score(item.range.low), .score(item.range.high)])),
      ] + item.scores.map { ($0.metric.rawValue, .score($0.value)) } + [
        (
          "labels",
          .array(
            item.labels.map { label, dice in
              .object([("label", .number(Double(label))), ("dice", .score(dice))])
            })
        ),
        ("slices", .array(item.slices.map { SliceReport($0, listed: request.listsSlices).json })),
      ])
  }

  private static func summary(_ summary: ScoreStatistics.Summary) -> JSON {
    .object([
      ("result", .string(summary.result)), ("region", .string(summary.region.rawValue)),
      ("metric", .string(summary.metric.rawValue)),
      ("n", .integer(summary.scores.values.count)),
      ("dropped", .integer(summary.scores.droppedCount)), ("mean", .score(summary.scores.mean)),
      ("sd", .score(summary.scores.standardDeviation)),
      ("median", .score(summary.scores.median)),
      ("ci95", .array([.score(summary.interval.lower), .score(summary.interval.upper)])),
    ])
  }

  private static func comparison(_ comparison: ScoreStatistics.Comparison) -> JSON {
    .object([
      ("result", .string(comparison.result)), ("against", .string(comparison.against)),
      ("region", .string(comparison.region.rawValue)),
      ("metric", .string(comparison.metric.rawValue)), ("n", .integer(comparison.test.count)),
      ("mean", .score(comparison.differences.mean)),
      (
        "ci95", .array([.score(comparison.interval.lower), .score(comparison.interval.upper)])
      ),
      (
        "wilcoxon",
        .object([
          ("statistic", .score(comparison.test.statistic)),
          ("p", .score(comparison.test.probability)),
          ("method", .string(comparison.test.method.rawValue)),
        ])
      ),
    ])
  }
}

extension JSON {
  /// A score, or `inf`, `-inf`, `nan` as a string.
  static func score(_ value: Double) -> JSON {
    value.isFinite ? .number(value) : .string(ScoreText.full(value))
  }
}
