import Degradation
import Files
import Metrics
import Volumes
import Workers

/// The report of one result: with the input it was made from, and a truth, as far as they are
/// there.
struct ResultReport {
  private(set) var document: ReportDocument
  private let result: Volume
  private let machine: Machine
  private var pool: WorkerPool { machine.pool }
  private let input: Volume?
  private let measured: MeasuredVolume?
  private var agreements: [(name: String, agreement: Agreement)] = []

  /// Names of files, for the eye.
  struct Names {
    var result: String
    var input: String?
    var truth: String?
  }

  /// Begins with what is there without a truth.
  ///
  /// - Parameters:
  ///   - result: Finite.
  ///   - input: What it was made from, if it is known.
  ///   - names: Of the files.
  ///   - blur: Of the input.
  ///   - hasTruth: Whether ``add(truth:)`` will follow.
  ///   - machine: Does the work.
  /// - Throws: If the grids do not meet, or the system refuses memory.
  init(
    _ result: Volume, input: Volume?, names: Names, blur: MeasurementModel.Blur, hasTruth: Bool,
    machine: Machine
  ) throws(Failure) {
    self.result = result
    self.input = input
    self.machine = machine
    measured = try input.map { input throws(Failure) in
      let measurement = try Failure.of { () throws(GridError) in
        try MeasurementModel(of: result.grid, on: input.grid, blur: blur)
      }
      return MeasuredVolume(input.voxels, by: measurement)
    }
    // What the input's voxels and the disagreement take is little beside the others.
    let layerCount = 1 + (input == nil ? 0 : 2) + (hasTruth ? 1 : 0)
    let content = try ReportContent(
      result, as: ("result", "result"), layerCount: layerCount, pool: machine.pool)
    document = ReportDocument(
      title: names.result, summary: ReportFacts.line(result.grid), content: content)
    document.facts.append(("Volumes", Self.volumeRows(result, input, names)))
    document.figures.append((SizeText.text(result.grid.size), "voxels"))
    if let input { try add(input: input) }
    if input == nil { document.start = hasTruth ? ("truth", "result") : ("result", "result") }
  }

  private static func volumeRows(
    _ result: Volume, _ input: Volume?, _ names: Names
  ) -> ReportFacts.Rows {
    var rows: ReportFacts.Rows = [
      ("Result", "\(names.result): \(ReportFacts.line(result.grid))")
    ]
    if let input {
      rows.append(("Input", "\(names.input ?? "input"): \(ReportFacts.line(input.grid))"))
    }
    if let truth = names.truth { rows.append(("Truth", truth)) }
    return rows
  }

  // MARK: - Layers

  private mutating func add(input: Volume) throws(Failure) {
    try document.content.addInput(input)
    let cubic = try document.content.resampled(input, by: .cubic)
    try document.content.add(cubic, as: ("cubic", "cubic"))
    guard let measured else { return }
    let steps = measured.measurement.steps
    document.inputSpacing = steps * result.grid.affine.columnNorms
    document.figures.append((TripleText.text(steps, significant: 4), "times finer"))
    let differences = try measuredDifferences(result.voxels, named: "result")
    _ = try measuredDifferences(cubic, named: "cubic")
    let limit = measured.noise.map { 5 * $0 } ?? 0
    try document.content.addDifferences(
      Volume(grid: input.grid, voxels: differences), id: "disagreement",
      name: "disagreement",
      limit: limit > 0 ? limit : max(agreements[0].agreement.largest, .leastNormalMagnitude))
  }

  private mutating func measuredDifferences(
    _ voxels: [Float], named name: String
  ) throws(Failure) -> [Float] {
    guard let measured else { return [] }
    let differences = try Failure.ofWorkers { () throws(WorkersError) in
      let found = voxels.withUnsafeBufferPointer { buffer in
        Result { () throws(WorkersError) in
          try measured.differences(from: buffer.baseAddress.unsafelyUnwrapped, pool: pool)
        }
      }
      return try found.get()
    }
    agreements.append((name, measured.agreement(differences)))
    return differences
  }

  /// Adds a truth on the result's grid, with scores.
  mutating func add(truth: Volume) throws(Failure) {
    try document.content.add(truth.voxels, as: ("truth", "truth"))
    _ = try measuredDifferences(truth.voxels, named: "truth")
    var rows: [[String]] = []
    if let input {
      let cubic = Volume(
        grid: result.grid, voxels: try document.content.resampled(input, by: .cubic))
      rows.append(try scores(cubic, named: "cubic", against: truth))
    }
    rows.append(try scores(result, named: "result", against: truth))
    document.tables.append(
      (
        "Range of the truth; object: truth above 0",
        ScoreTable(
          header: ["", "PSNR (dB)", "PSNR in the object (dB)", "SSIM", "NRMSE", "HFEN"],
          rows: rows)
      ))
    if let decibels = rows.last.flatMap({ Double($0[2]) }), decibels.isFinite {
      document.figures.append(
        ("\(NumberText.fixed(decibels, decimals: 2)) dB", "PSNR in the object"))
    }
  }

  private func scores(
    _ volume: Volume, named name: String, against truth: Volume
  ) throws(Failure) -> [String] {
    let object = truth.voxels.map { UInt8($0 > 0 ? 1 : 0) }
    return try Failure.of { () throws(ComparisonError) in
      let pair = try ImagePair(volume, against: truth)
      let whole = try VoxelErrors(pair, pool: pool)
      let inside = try VoxelErrors(pair, mask: object, pool: pool)
      let similarity = Self.optional { () throws(ComparisonError) in
        try StructuralSimilarity(pair, kernels: machine.kernels, pool: pool).means[0]
      }
      let frequencies = Self.optional { () throws(ComparisonError) in
        try HighFrequencyError(pair, pool: pool).ratios[0]
      }
      return [
        name, ScoreText.short(whole.peakSignalToNoise, .psnr),
        ScoreText.short(inside.peakSignalToNoise, .psnr),
        similarity.map { ScoreText.short($0, .ssim) } ?? "–",
        ScoreText.short(whole.normalisedRootMeanSquare(), .nrmse),
        frequencies.map { ScoreText.short($0, .hfen) } ?? "–",
      ]
    }
  }

  /// nil where the volume is too small for the score's window.
  private static func optional(_ score: () throws(ComparisonError) -> Double) -> Double? {
    try? score()
  }

  // MARK: - Texts

  /// Finishes the page.
  ///
  /// - Parameters:
  ///   - sidecar: The text of the result's sidecar; empty: none.
  ///   - citations: What to cite.
  ///   - warnings: What the reader should know first.
  /// - Returns: The HTML page.
  mutating func page(
    sidecar: [UInt8], citations: [String], warnings: [String]
  ) -> [UInt8] {
    document.content.finish()
    addAgreement()
    let settings = ReportFacts.rows(ofSidecar: sidecar)
    if !settings.isEmpty { document.facts.append(("Settings and provenance", settings)) }
    document.citations = citations
    document.warnings = warnings
    return document.page
  }

  private mutating func addAgreement() {
    guard let measured, let first = agreements.first?.agreement else { return }
    let window = document.content.window
    let widths = measured.measurement.widths
    let model =
      widths == .zero
      ? "point samples of the cubic B-spline through its voxels"
      : "a Gaussian with a full width at half maximum of \(TripleText.text(widths, significant: 4)) times the input's "
        + "spacing, then samples of the cubic B-spline"
    var texts = [
      "The result was measured again at the input's voxels (\(model)) and compared with the input at "
        + "\(first.voxels) voxels of the object. The layer “disagreement” (input less the result "
        + "measured again) shows where."
    ]
    if let truth = agreements.first(where: { $0.name == "truth" })?.agreement {
      texts.append(
        "The truth, measured by the same model, lies "
          + "\(NumberText.short(truth.rootMeanSquare, significant: 3)) from the input: as far as that goes, "
          + "a disagreement comes from how the input was made, not from the result.")
    }
    let noise = first.noise.map { NumberText.short($0, significant: 3) } ?? "not known"
    var rows: ReportFacts.Rows = [("Noise of the input, estimate", noise)]
    for (name, agreement) in agreements {
      let share = 100 * agreement.rootMeanSquare / (window.high - window.low)
      var text =
        "RMS \(NumberText.short(agreement.rootMeanSquare, significant: 3)) "
        + "(\(NumberText.short(share, significant: 2)) % of the gray window), largest "
        + NumberText.short(agreement.largest, significant: 3)
      if let beyond = agreement.shareBeyondNoise {
        text +=
          "; beyond 3 times the noise: \(NumberText.short(100 * beyond, significant: 2)) % of the voxels"
      }
      rows.append((name, text))
    }
    document.agreement = ReportDocument.Agreement(texts: texts, rows: rows)
    document.figures.append(
      (NumberText.short(first.rootMeanSquare, significant: 3), "RMS against the measurement"))
  }
}
