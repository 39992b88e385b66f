import Degradation
import Files

/// What the user asked for that needs a result as a whole.
struct RefinementRequest: Sendable {
  let isConsistent: Bool
  let checksConsistency: Bool
  /// Blur by which results are measured again; nil: what the model takes into account, else 0.
  let blur: MeasurementModel.Blur?
  let isEnsemble: Bool
  let permutes: Bool
  /// The file of the expected errors.
  let uncertainty: OutputRequest?
  /// Whether it gets them, and not the spread that they are made of.
  let isCalibrated: Bool
  let report: ReportFile?

  /// Whether results are measured again.
  var measures: Bool { isConsistent || checksConsistency || report != nil }

  /// Whether a result is needed whole before it is written.
  var holdsResult: Bool { isEnsemble || measures }

  /// The option that asks for an ensemble; nil: none does.
  var ensembleOption: String? {
    guard isEnsemble else { return nil }
    return uncertainty == nil ? "--self-ensemble" : "--uncertainty"
  }

  /// The files that are written beside the result and its sidecar.
  var files: [String] { [uncertainty?.path, report?.path].compactMap { $0 } }

  /// - Parameters:
  ///   - options: As given.
  ///   - file: The result's.
  ///   - inputs: The files that are read.
  ///   - reader: Notes what decides about values.
  /// - Throws: If a value is not one, or a file has no name that it can have.
  init(
    _ options: RefinementOptions, file: OutputRequest, inputs: [String], reader: OptionReader
  ) throws(Failure) {
    isConsistent = options.consistent
    checksConsistency = options.checkConsistency
    let blur: MeasuredBlur? = try reader.argument("measured-psf", options.measuredPsf)
    self.blur = blur?.blur
    let path = try reader.name("uncertainty", options.uncertainty)
    isEnsemble = options.selfEnsemble || path != nil
    permutes = options.permutations
    uncertainty = path.map(file.companion)
    isCalibrated = !options.uncalibrated
    report = try reader.name("report", options.report).map { path throws(Failure) in
      try ReportFile(path: path, force: file.force, inputs: inputs)
    }
    for (name, isOn) in [
      ("consistent", isConsistent), ("self-ensemble", isEnsemble), ("permutations", permutes),
      ("uncalibrated", !isCalibrated),
    ] where isOn { reader.record(name, "true") }
    if let uncertainty {
      try uncertainty.checkPaths(input: inputs[0], others: Array(inputs.dropFirst()))
    }
  }

  /// - Throws: If options exclude each other.
  func check(_ request: UpsampleRequest) throws(Failure) {
    let measuring =
      isConsistent ? "--consistent" : report == nil ? "--check-consistency" : "--report"
    let ensemble = ensembleOption ?? "--self-ensemble"
    let result = OutputPlace(request.output)
    let errors = uncertainty.map { OutputPlace($0.path) }
    let page = report.map { OutputPlace($0.path) }
    let conflicts: [(isMet: Bool, options: [String], reason: String)] = [
      (
        blur != nil && !measures, ["--measured-psf"],
        "has a meaning only with --consistent, --check-consistency or --report"
      ),
      (permutes && !isEnsemble, ["--permutations"], "has a meaning only with --self-ensemble"),
      (
        !isCalibrated && uncertainty == nil, ["--uncalibrated"],
        "has a meaning only with --uncertainty"
      ),
      (
        isEnsemble && request.method != .model,
        [ensemble, "--method \(request.method.rawValue)"],
        "interpolation gives the same for every mirroring; leave one of the two out"
      ),
      (
        isEnsemble && request.mask != nil, [ensemble, "--mask"],
        "the ensemble computes everything; leave one of the two out"
      ),
      (
        isConsistent && request.mask != nil, ["--consistent", "--mask"],
        "a part of a result cannot be measured; leave one of the two out"
      ),
      (
        measures && request.headerCompat, [measuring, "--header-compat"],
        "the shifted header says another place than the voxels have; leave one of the two out"
      ),
      (
        errors == result, ["--uncertainty", request.output],
        "is the result itself; give the expected errors another name"
      ),
      (
        page == result, ["--report", request.output],
        "is the result itself; give the report another name"
      ),
      (
        errors != nil && errors == page, ["--uncertainty", "--report"],
        "both go to the same place; give one of the two another name"
      ),
    ]
    if let conflict = conflicts.first(where: \.isMet) {
      throw Failure(.conflict(options: conflict.options, reason: conflict.reason))
    }
  }
}
