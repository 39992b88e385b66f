import Degradation
import Files

/// Everything that the user asked of `report`, checked as far as words go.
struct ReportRequest: Sendable {
  let result: String
  let input: String?
  let truth: String?
  /// nil: what the result's sidecar says, else 0.
  let blur: MeasurementModel.Blur?
  let nonFinite: NonFinitePolicy
  let file: ReportFile
  let computing: ComputingRequest

  /// The volumes that are read.
  var volumes: [String] { [result] + [input, truth].compactMap { $0 } }
}

extension ReportRequest {
  /// Takes the options, the environment and the settings files together.
  init(_ command: Report, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    result = command.result
    input = try reader.path("input", command.compared.input)
    truth = try reader.path("truth", command.compared.truth)
    let blur: MeasuredBlur? = try reader.argument("measured-psf", command.compared.measuredPsf)
    self.blur = blur?.blur
    if blur != nil, input == nil {
      throw Failure(
        .conflict(options: ["--measured-psf"], reason: "has a meaning only with --input"))
    }
    nonFinite = try reader.nonFinite(command.compared.nonFinite)
    if result.isEmpty { throw Failure(.emptyPath(argument: "<result>")) }
    let paths = [result] + [input, truth].compactMap { $0 }
    if paths.contains(StandardInput.name) {
      throw Failure(
        .optionValue(
          option: "<result>", value: StandardInput.name,
          reason: "standard input cannot be one of several volumes; name files"))
    }
    file = try ReportFile(path: command.file.output, force: command.file.force, inputs: paths)
    computing = try ComputingRequest(command.resources, reader: reader)
  }
}

/// The file of a report.
struct ReportFile: Sendable {
  let path: String
  let force: Bool

  /// - Throws: If the name does not end in .html, or is that of an input.
  init(path: String, force: Bool, inputs: [String]) throws(Failure) {
    guard !path.isEmpty else { throw Failure(.emptyPath(argument: "--output")) }
    guard path.lowercased().hasSuffix(".html") || AtomicOutputFile.isStream(path: path) else {
      throw Failure(.reportSuffix(path: path))
    }
    if let place = FileIdentity(path: path),
      inputs.contains(where: { FileIdentity(path: $0) == place })
    {
      throw Failure(.outputIsInput(path: path))
    }
    self.path = path
    self.force = force
  }

  /// Opens the temporary file, so that everything that forbids the report shows before the work.
  func open() throws(Failure) -> AtomicOutputFile {
    try Failure.of { () throws(FileError) in try AtomicOutputFile(path: path, force: force) }
  }
}
