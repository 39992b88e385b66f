import Files
import Metrics

/// Everything that the user asked of `evaluate`, checked as far as words go.
struct EvaluateRequest: Sendable {
  let results: [String]
  let truth: String
  let metrics: [ScoreMetric]
  let mask: ScoreMask
  let range: ScoreRange
  /// Voxels at every face that are left out.
  let border: Int
  let window: StructuralSimilarity.Window
  /// One per result; empty without Dice.
  let labels: [String]
  let truthLabels: String?
  let seed: UInt64
  let output: ScoreFile?
  let computing: ComputingRequest
}

extension EvaluateRequest {
  /// Takes the options, the environment and the settings files together.
  init(_ command: Evaluate, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    let options = command.scores
    guard command.volumes.count >= 2, let last = command.volumes.last else {
      throw Failure(.missingArgument("<truth>"))
    }
    truth = last
    results = command.volumes.dropLast()
    if options.mask?.isEmpty == true { throw Failure(.emptyPath(argument: "--mask")) }
    mask = try reader.argument("mask", options.mask) ?? .none
    range = try reader.argument("range", options.range) ?? .truth
    let border: BorderWidth? = try reader.argument("border", options.border)
    self.border = border?.voxels ?? 0
    window = try reader.argument("ssim-window", options.ssimWindow) ?? .uniform
    let seed: SeedValue? = try reader.argument("seed", options.seed)
    self.seed = seed?.seed ?? 0
    labels = options.labels
    truthLabels = try reader.path("truth-labels", options.truthLabels)
    let hasLabels = truthLabels != nil
    guard labels.count == (hasLabels ? results.count : 0) else {
      throw Failure(
        .conflict(
          options: ["--labels", "--truth-labels"],
          reason: "dice needs a segmentation of the truth and one of every result, in order"))
    }
    let list: MetricList? = try reader.argument("metrics", options.metrics)
    metrics = list?.metrics ?? ScoreMetric.allCases.filter { $0 != .dice || hasLabels }
    if metrics.contains(.dice) != hasLabels {
      throw Failure(
        .conflict(
          options: ["--metrics", "--truth-labels"],
          reason: "dice needs segmentations, and only dice needs them"))
    }
    let path = try reader.path("output", command.file.output)
    output = try path.map { path throws(Failure) in
      try ScoreFile(path: path, force: command.file.force)
    }
    computing = try ComputingRequest(command.resources, reader: reader)
    try checkPaths()
  }

  /// The volumes that are read.
  var inputs: [String] {
    var paths = results + [truth] + labels
    if let truthLabels { paths.append(truthLabels) }
    if case .file(let path) = mask { paths.append(path) }
    return paths
  }

  private func checkPaths() throws(Failure) {
    for path in inputs where path.isEmpty { throw Failure(.emptyPath(argument: "<volumes>")) }
    if inputs.contains(StandardInput.name) {
      throw Failure(
        .optionValue(
          option: "<volumes>", value: StandardInput.name,
          reason: "standard input cannot be one of several volumes; name files"))
    }
    guard let output, let place = FileIdentity(path: output.path) else { return }
    for path in inputs where FileIdentity(path: path) == place {
      throw Failure(.outputIsInput(path: output.path))
    }
  }
}

/// The file of `--output`.
struct ScoreFile: Sendable {
  enum Form: String, CaseIterable {
    case csv
    case json
    case md
  }

  let path: String
  let form: Form
  let force: Bool

  init(path: String, force: Bool) throws(Failure) {
    let lowered = path.lowercased()
    guard let form = Form.allCases.first(where: { lowered.hasSuffix("." + $0.rawValue) }) else {
      throw Failure(.scoreSuffix(path: path))
    }
    self.path = path
    self.form = form
    self.force = force
  }
}
