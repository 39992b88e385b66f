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
    let sidecar = ReportSidecar(of: request.result)
    let result = try opened(request.result, machine)
    if let notice = ReportFacts.firstFrameNotice(
      of: request.result, frames: result.header.frames)
    {
      console.warn(notice)
    }
    let input = try request.input.map { path throws(Failure) in
      try compared(path, with: result, sidecar, machine)
    }
    let truth = try request.truth.map { path throws(Failure) in
      let truth = try compared(path, with: result, sidecar, machine)
      try Self.check(result, against: truth.volume)
      return truth
    }
    try ReportMemory.check(
      result: result.header.grid, input: input?.volume.header.grid, hasTruth: truth != nil, machine)
    let output = try request.file.open()
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
    return input
  }

  /// A volume that the result is compared with, and its frame that is shown.
  private struct Compared {
    let volume: VolumeInput
    let frame: Int
  }

  /// Opens a volume that the result is compared with, and finds the frame that belongs to the
  /// result's first: of a series, the result may be made from some frames only.
  private func compared(
    _ path: String, with result: VolumeInput, _ sidecar: ReportSidecar, _ machine: Machine
  ) throws(Failure) -> Compared {
    let volume = try opened(path, machine)
    let (count, shown) = (volume.header.frames, result.header.frames)
    if count == shown {
      if let notice = ReportFacts.firstFrameNotice(of: path, frames: count) { console.warn(notice) }
      return Compared(volume: volume, frame: 0)
    }
    let found = sidecar.firstFrame(ofResult: shown, in: count)
    let choice =
      found.map { "; the report shows frame \($0), that of the result (the first is 0)" }
      ?? ", the result \(shown), and no sidecar says which belong together; the first are compared"
    console.warn(
      Notice(
        code: "volume.dim", subject: path, message: "has \(counted(count, "frame"))\(choice)"))
    return Compared(volume: volume, frame: found ?? 0)
  }

  private static func check(
    _ result: VolumeInput, against truth: VolumeInput
  ) throws(Failure) {
    try Failure.of(at: result.path) { () throws(ComparisonError) in
      try result.header.grid.checkComparable(with: truth.header.grid)
    }
  }

  private func page(
    _ result: VolumeInput, _ input: Compared?, _ truth: Compared?, _ sidecar: ReportSidecar,
    _ machine: Machine
  ) throws(Failure) -> [UInt8] {
    let source = try input.map { input throws(Failure) in try frame(of: input) }
    let volume = try frame(of: Compared(volume: result, frame: 0))
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
    if let truth { try report.add(truth: try frame(of: truth)) }
    return report.page(
      sidecar: sidecar.text,
      citations: ReportFacts.citations([(name: names.result, origin: sidecar.origin)]),
      warnings: ReportFacts.texts(console.warnings))
  }

  private func frame(of input: Compared) throws(Failure) -> Volume {
    try input.volume.frame(input.frame, nonFinite: request.nonFinite, console: console)
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
