import Files
import FusedInference
import Volumes

/// What `upsample --dry-run` prints, for the eye or as `arssr.plan/1`.
struct UpsamplePlanReport {
  private let prepared: PreparedUpsampling
  /// What there is to compute of a frame; nil for an interpolation.
  private let work: UpsampleWork?
  private let estimate: CostEstimate

  /// The plan of one volume, whose background is looked at.
  ///
  /// - Throws: If the volume cannot be read.
  init(_ prepared: PreparedUpsampling) throws(Failure) {
    work = try prepared.work()
    let rate = try EngineRate(prepared.engine, machine: prepared.machine)
    self.prepared = prepared
    estimate = CostEstimate(prepared, work: work, rate: rate)
  }

  /// The plan of one volume of many, as if nothing of it were background.
  init(_ prepared: PreparedUpsampling, rate: EngineRate) {
    self.prepared = prepared
    work = nil
    estimate = CostEstimate(prepared, work: nil, rate: rate)
  }

  func print(_ format: ResultFormat) throws(Failure) {
    try StandardStreams.printResult(
      format == .json
        ? Self.document([members(status: "planned")], machine: prepared.machine).document : text)
  }

  /// What the user should know before the run.
  var warningTexts: [String] {
    warnings.map { Failure.text(subject: $0.subject, message: $0.message) }
  }

  /// The plan on one line.
  var line: String {
    "\(SizeText.text(prepared.input.header.grid.size)) -> "
      + "\(SizeText.text(prepared.target.grid.size))   \(memoryText)   \(Self.duration(seconds))   "
      + Escaping.path(request.output)
  }

  /// Seconds that the run is estimated to take.
  var seconds: Double { estimate.seconds }

  private var request: UpsampleRequest { prepared.request }
  private var warnings: [Notice] { prepared.console.warnings }
  private var written: [String] {
    [request.output, request.sidecar].compactMap { $0 } + request.refinement.files
  }

  // MARK: - For the eye

  private var text: String {
    let input = prepared.input.header
    var lines: [(name: String, text: String)] = [
      (
        "input",
        "\(Escaping.path(request.input))   \(Self.text(input.grid, input.frames))"
          + "   \(input.voxelType.name)"
      ),
      (
        "output",
        "\(Escaping.path(request.output))   "
          + "\(Self.text(prepared.target.grid, prepared.frames.count))   "
          + "\(prepared.storedType.name)   \(ByteSize.text(prepared.outputHeader().writtenBytes)) "
          + "uncompressed"
      ),
    ]
    lines += axisLines.map { ("", $0) }
    lines.append(("model", modelText))
    if let blurText { lines.append(("psf", blurText)) }
    lines.append(("memory", memoryText))
    lines.append(("work", workText))
    if let backgroundText { lines.append(("", backgroundText)) }
    lines.append(("would", "write " + written.map(Escaping.path).joined(separator: ", ")))
    lines += warningTexts.map { ("warning", $0) }
    return lines.map { line in
      line.name + String(repeating: " ", count: max(1, 10 - line.name.count)) + line.text
    }.joined(separator: "\n")
  }

  private static func text(_ grid: Grid, _ frames: Int) -> String {
    let series = frames > 1 ? " x \(frames)" : ""
    return "\(SizeText.text(grid.size))\(series)   \(SizeText.text(grid.affine.columnNorms)) mm"
      + "   \(grid.orientation ?? "orientation unknown")"
  }

  /// Factors and sizes, what each axis of the result is in the patient, and the field of view.
  private var axisLines: [String] {
    let input = prepared.input.header.grid
    let grid = prepared.target.grid
    let letters = grid.orientation.map { $0.map(String.init) }
    let names = [
      "R": "right", "L": "left", "A": "anterior", "P": "posterior", "S": "superior",
      "I": "inferior",
    ]
    let axes = (0..<3).map { axis in
      let direction = letters.flatMap { names[$0[axis]] }
      return ["i", "j", "k"][axis] + (direction.map { " to \($0)" } ?? "")
    }
    let asked = request.scaleText.map { "scale asked \($0); " } ?? ""
    return [
      "\(asked)scale used \(TripleText.text(prepared.scale, significant: 6)); "
        + "voxels \(SizeText.text(input.size)) -> \(SizeText.text(grid.size))",
      "axes \(axes.joined(separator: ", "))" + (fieldOfViewText.map { "; \($0)" } ?? ""),
    ]
  }

  /// What becomes of the field of view; nil where the result has a grid of its own.
  private var fieldOfViewText: String? {
    if case .like = request.target { return nil }
    if request.headerCompat { return nil }
    let (near, far) = prepared.target.grid.movedEdges(from: prepared.input.header.grid)
    func text(_ lengths: SIMD3<Double>) -> String { TripleText.text(lengths, significant: 3) }
    if near == .zero {
      return far == .zero ? "field of view kept" : "far edges moved by \(text(far)) mm"
    }
    return near == far
      ? "field of view moved by \(text(near)) mm"
      : "near edges moved by \(text(near)) mm, far ones by \(text(far)) mm"
  }

  private var modelText: String {
    guard let model = prepared.engine.model else {
      return "none   \(prepared.engine.name) interpolation"
    }
    let status = model.card.status.map { "   status \(Escaping.text($0))" } ?? ""
    return "\(Escaping.text(model.name))   \(model.network.architecture), "
      + "\(model.network.parameterCount) parameters\(status)"
  }

  /// The blur that the model takes into account; nil for those that know nothing of it.
  private var blurText: String? {
    guard case .arssr(_, let plan)? = prepared.engine.network,
      let network = prepared.engine.model?.network.arssr
    else { return nil }
    let origin = prepared.blur?.origin.map { "   \($0)" } ?? ""
    switch network.variants.condition {
    case .none: return nil
    case .psf: return "\(NumberText.text(plan.blur.told)), which the model is told\(origin)"
    case .deconvolution:
      let widths = TripleText.text(plan.blur.divided, significant: 4)
      return "\(widths) of the spacing\(plan.blur.divided == .zero ? "" : ", divided out")\(origin)"
    }
  }

  private var memoryText: String {
    let limit = ByteSize.text(prepared.machine.memoryLimit)
    let total = "\(ByteSize.text(prepared.peakBytes)) of \(limit)"
    guard let division = prepared.engine.network?.division else { return total }
    let blocks = division.blocks
    let count = blocks.x * blocks.y * blocks.z
    let rows = division.rows.map { ", \($0) rows at a time" } ?? ""
    let parts = "\(counted(count, "block")), halo \(division.halo)\(rows)"
    let what = prepared.engine.model?.network.related == nil ? "feature map" : "network"
    return "\(total)   \(what) in \(parts)"
  }

  private var workText: String {
    let threads = prepared.machine.pool.workerCount
    let operations = estimate.encoderOperations + estimate.decoderOperations
    let runs = prepared.runsPerFrame > 1 ? "   in \(prepared.runsPerFrame) runs" : ""
    return
      "\(NumberText.counted(operations)) multiply-adds\(runs)   estimated \(Self.duration(estimate.seconds)) on "
      + "\(counted(threads, "thread")), \(pathText) (\(estimate.basis))"
  }

  /// What the background leaves out, in the first frame.
  private var backgroundText: String? {
    guard let work, let background = work.background else { return nil }
    func left(_ part: Int, of whole: Int) -> String {
      NumberText.fixed(100 * (1 - Double(part) / Double(max(whole, 1))), decimals: 0)
    }
    let share = NumberText.fixed(100 * background.share, decimals: 0)
    let value = NumberText.text(Double(background.value))
    let kept = "background \(value) is \(share) % of the voxels and kept: it saves "
    switch prepared.engine.network {
    case .arssr(_, let plan):
      return kept + "\(left(work.encoder.work, of: plan.encoder.work)) % of the encoder and "
        + "\(left(work.decoderOperations, of: plan.decoderOperations)) % of the decoder"
    case .related(_, let plan):
      return kept + "\(left(work.encoder.work, of: plan.operations.work)) % of the network"
    case .filters, nil: return nil
    }
  }

  /// `avx512, winograd`, and the precision where it is another than the usual one.
  private var pathText: String {
    let set = prepared.machine.instructionSet
    guard let path = prepared.engine.network?.path else { return set }
    let precision = path.precision == .float32 ? "" : ", \(path.precision.rawValue)"
    return "\(set), \(path.convolution.rawValue)\(precision)"
  }

  static func duration(_ seconds: Double) -> String {
    if seconds < 60 { return "\(NumberText.short(seconds, significant: 2)) s" }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  // MARK: - For programs

  /// The document of the plans of one or many volumes; `status` is `partial` where some of them
  /// would fail, `failed` where all would.
  static func document(
    _ items: [[(key: String, value: JSON)]], machine: Machine, status: String = "planned"
  ) -> JSON {
    RunReport.document(
      schema: "arssr.plan/1", status: status, machine: machine.json, items: items)
  }

  /// The plan of the volume; `status` is `planned`, or `skipped` for one that would be left alone.
  func members(status: String) -> [(key: String, value: JSON)] {
    var memory: [(key: String, value: JSON)] = [
      ("peakBytes", .integer(prepared.peakBytes)),
      ("limitBytes", .integer(prepared.machine.memoryLimit)),
    ]
    if let division = prepared.engine.network?.division {
      memory += [
        ("blocks", .integers(division.blocks)), ("halo", .integer(division.halo)),
        ("rowsPerStep", division.rows.map { .integer($0) } ?? .null),
      ]
    }
    return [
      ("input", .string(request.input)), ("output", .string(request.output)),
      ("status", .string(status)), ("grid", UpsampleReport.grid(prepared)),
      ("model", UpsampleReport.model(prepared)),
      ("precision", .string(request.computing.precision.rawValue)),
      ("memory", .object(memory)),
      (
        "operations",
        .object([
          ("encode", .integer(estimate.encoderOperations)),
          ("decode", .integer(estimate.decoderOperations)),
        ])
      ),
      (
        "background",
        work?.background.map {
          .object([("value", .number(Double($0.value))), ("share", .number($0.share))])
        } ?? .null
      ),
      (
        "estimate",
        .object([
          ("seconds", .number((estimate.seconds * 1000).rounded() / 1000)),
          ("basis", .string(estimate.basis)),
        ])
      ),
      ("outputs", .array(written.map { .object([("path", .string($0))]) })),
      ("uncompressedBytes", .integer(prepared.outputHeader().writtenBytes)),
      ("warnings", RunReport.warnings(warnings)),
    ]
  }
}
