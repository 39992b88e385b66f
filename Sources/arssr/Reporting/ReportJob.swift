import Checkpoints
import Degradation
import Files
import Metrics
import Volumes
import Workers

/// One run of `report`: everything is checked first, cheapest first; then it computes.
struct ReportJob {
  let request: ReportRequest
  let session: Session

  private var console: Console { session.console }

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    try Signals.watch { [console] in console.progress.printStatus() }
    try VolumeInput.checkExistence(request.volumes.map { (path: $0, kind: .volume) })
    let machine = try Machine(request.computing, console: console)
    let result = try opened(request.result, machine)
    let input = try request.input.map { path throws(Failure) in try opened(path, machine) }
    let truth = try request.truth.map { path throws(Failure) in
      let truth = try opened(path, machine)
      try Self.check(result, against: truth)
      return truth
    }
    try ReportMemory.check(
      result: result.header.grid, input: input?.header.grid, hasTruth: truth != nil, machine)
    let output = try request.file.open()
    let sidecar = ReportSidecar(of: request.result)
    let page = try page(result, input, truth, sidecar, machine)
    try Failure.of { () throws(FileError) in
      try output.write(page)
      try output.commit()
    }
    console.finish(
      input: request.result,
      line: "report of \(ByteSize.text(page.count)), peak "
        + "\(ByteSize.text(MemoryLimit.peakResidentBytes())): \(Escaping.path(request.file.path))",
      values: [
        ("output", .string(request.file.path)), ("bytes", .integer(page.count)),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
      ])
    return .ok
  }

  private func opened(_ path: String, _ machine: Machine) throws(Failure) -> VolumeInput {
    let input = try VolumeInput(path: path, limit: machine.memoryLimit)
    input.reader.notices.forEach(console.warn)
    if input.header.frames > 1 {
      console.warn(
        Notice(
          code: "volume.dim", subject: path,
          message: "has \(input.header.frames) frames; the report shows the first"))
    }
    return input
  }

  private static func check(
    _ result: VolumeInput, against truth: VolumeInput
  ) throws(Failure) {
    do throws(ComparisonError) {
      try result.header.grid.checkComparable(with: truth.header.grid)
    } catch {
      var failure = Failure(error)
      failure.subject = result.path
      throw failure
    }
  }

  private func page(
    _ result: VolumeInput, _ input: VolumeInput?, _ truth: VolumeInput?,
    _ sidecar: ReportSidecar, _ machine: Machine
  ) throws(Failure) -> [UInt8] {
    let source = try input.map { input throws(Failure) in try frame(input) }
    let volume = try frame(result)
    console.release()
    console.start(
      input: request.result, plan: SizeText.text(volume.grid.size),
      values: [("size", .integers(volume.grid.size))])
    let names = ResultReport.Names(
      result: SidecarParts.name(request.result), input: request.input.map(SidecarParts.name),
      truth: request.truth.map(SidecarParts.name))
    var report = try ResultReport(
      volume, input: source, names: names, blur: request.blur ?? sidecar.blur ?? .uniform(0),
      hasTruth: truth != nil, machine: machine)
    console.progress.update(stage: "report", done: 0.6)
    if let truth { try report.add(truth: try frame(truth)) }
    return report.page(
      sidecar: sidecar.text,
      citations: ReportFacts.citations(model: sidecar.model, scale: sidecar.scale),
      warnings: console.warnings.map { Failure.text(subject: $0.subject, message: $0.message) })
  }

  private func frame(_ input: VolumeInput) throws(Failure) -> Volume {
    try input.frame(0, nonFinite: request.nonFinite, console: console)
  }
}

/// What the sidecar of a result says, as far as there is one and it can be read.
struct ReportSidecar {
  let text: [UInt8]
  private let details: JSONObject?

  init(of result: String) {
    let path = OutputRequest.sidecarPath(of: result)
    let limit = StrictJSON.Limits.settings.bytes
    text = (try? InputFile(path: path).read(at: 0, count: limit)) ?? []
    guard case .object(let root)? = try? StrictJSON.parse(text),
      case .object(let details)? = root["Arssr"]
    else {
      details = nil
      return
    }
    self.details = details
  }

  /// The blur by which the result was measured again, or which its model took into account.
  var blur: MeasurementModel.Blur? {
    if case .object(let consistency)? = details?["Consistency"] {
      return Self.blur(consistency["Width"])
    }
    return Self.blur(details?["PSF"])
  }

  private static func blur(_ value: JSONValue?) -> MeasurementModel.Blur? {
    if case .number(let number)? = value {
      return number.double.flatMap { Deconvolution.widths.contains($0) ? .uniform($0) : nil }
    }
    guard let widths = numbers(value), Deconvolution.takes(widths) else { return nil }
    return .perAxis(widths)
  }

  var model: (name: String, digest: String)? {
    guard case .object(let model)? = details?["Model"], case .string(let name)? = model["Name"],
      case .string(let digest)? = model["SHA256"]
    else { return nil }
    return (Escaping.text(name), Escaping.text(digest))
  }

  var scale: SIMD3<Double>? { Self.numbers(details?["Scale"]) }

  private static func numbers(_ value: JSONValue?) -> SIMD3<Double>? {
    guard case .array(let values)? = value else { return nil }
    let numbers = values.compactMap { value -> Double? in
      guard case .number(let number) = value else { return nil }
      return number.double
    }
    return numbers.count == 3 ? SIMD3(numbers) : nil
  }
}

/// What the making of a report takes.
enum ReportMemory {
  /// Pictures, page and their parts.
  private static let pageBytes = 48 << 20

  /// Bytes beside the program: result and one more volume with the work on it, and the input's.
  static func bytes(result: Grid, input: Grid?, hasTruth: Bool) -> Int {
    let float = MemoryLayout<Float>.size
    let volumes = hasTruth ? 4 : 3
    return volumes * float * result.voxelCount + 6 * float * (input?.voxelCount ?? 0) + pageBytes
  }

  /// - Throws: If that is more than the limit allows.
  static func check(
    result: Grid, input: Grid?, hasTruth: Bool, _ machine: Machine
  ) throws(Failure) {
    let needed =
      machine.residentBytes + bytes(result: result, input: input, hasTruth: hasTruth)
    guard needed > machine.memoryLimit else { return }
    throw Failure(.reportMemory(needed: needed, limit: machine.memoryLimit))
  }
}
