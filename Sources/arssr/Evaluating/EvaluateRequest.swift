import Files
import Metrics

/// Everything that the user asked of `evaluate`, checked as far as words go.
struct EvaluateRequest: Sendable {
  /// What is scored against what.
  enum Subject: Sendable {
    /// Files against one.
    case files(results: [String], truth: String)
    /// Models and methods on volumes made coarser.
    case contenders(ContenderRequest)
  }

  let subject: Subject
  let metrics: [ScoreMetric]
  let mask: ScoreMask
  let range: ScoreRange
  /// Voxels at every face that are left out.
  let border: Int
  let window: StructuralSimilarity.Window
  let slices: SliceChoice
  let masksBackground: Bool
  let listsSlices: Bool
  /// The network of LPIPS and the file of its weights; nil without LPIPS.
  let perception: (network: PerceptualNetwork, weights: String)?
  /// One per result; empty without Dice.
  let labels: [String]
  let truthLabels: String?
  let seed: UInt64
  let output: ScoreFile?
  let report: ReportFile?
  let computing: ComputingRequest

  /// Whether results that lie elsewhere are brought onto the truth's grid.
  let resamples: Bool

  /// What is compared: files, or models and methods.
  var results: [String] {
    switch subject {
    case .files(let results, _): results
    case .contenders(let request): request.contenders.map(\.name)
    }
  }

  var contenders: ContenderRequest? {
    guard case .contenders(let request) = subject else { return nil }
    return request
  }

  /// Whether the volumes are segmented, because Dice was asked for without labels.
  var segments: Bool { metrics.contains(.dice) && truthLabels == nil }
}

extension EvaluateRequest {
  /// Takes the options, the environment and the settings files together.
  init(_ command: Evaluate, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    let options = command.scores
    if let contenders = try ContenderRequest(command, reader: reader) {
      subject = .contenders(contenders)
    } else {
      guard command.volumes.count >= 2, let last = command.volumes.last else {
        throw Failure(.missingArgument("<truth>"))
      }
      subject = .files(results: command.volumes.dropLast(), truth: last)
    }
    if options.mask?.isEmpty == true { throw Failure(.emptyPath(argument: "--mask")) }
    mask = try reader.argument("mask", options.mask) ?? .none
    range = try reader.argument("range", options.range) ?? .truth
    let border: BorderWidth? = try reader.argument("border", options.border)
    self.border = border?.count ?? 0
    window = try reader.argument("ssim-window", options.ssimWindow) ?? .uniform
    let seed: SeedValue? = try reader.argument("seed", options.seed)
    self.seed = seed?.seed ?? 0
    resamples = options.resample
    labels = options.labels
    truthLabels = try reader.path("truth-labels", options.truthLabels)
    let hasLabels = truthLabels != nil
    let count = if case .files(let results, _) = subject { results.count } else { 0 }
    guard labels.count == (hasLabels ? count : 0) else {
      throw Failure(
        .conflict(
          options: ["--labels", "--truth-labels"],
          reason: "dice needs a segmentation of the truth and one of every result, in order"))
    }
    let list: MetricList? = try reader.argument("metrics", options.metrics)
    let weights = try reader.path("lpips-weights", options.lpipsWeights)
    let metrics =
      list?.metrics
      ?? ScoreMetric.allCases.filter { metric in
        metric.isUsual || metric == .dice && hasLabels || metric == .lpips && weights != nil
      }
    self.metrics = metrics
    perception = try Self.perception(metrics, weights: weights, options, reader)
    slices = try reader.argument("slices", options.slices) ?? .all
    masksBackground = options.maskBackground
    listsSlices = options.perSlice
    try Self.checkCombinations(metrics, options, hasLabels: hasLabels, mask: mask)
    let path = try reader.path("output", command.file.output)
    output = try path.map { path throws(Failure) in
      try ScoreFile(path: path, force: command.file.force)
    }
    let inputs = command.volumes + command.scores.labels + [truthLabels].compactMap { $0 }
    report = try reader.name("report", command.file.report).map { path throws(Failure) in
      try ReportFile(path: path, force: command.file.force, inputs: inputs)
    }
    computing = try ComputingRequest(command.computing, reader: reader)
    try checkSubject()
    try checkPaths()
  }

  /// Results that are scored together: all for LPIPS, which computes the truth's features once, else one
  /// by one, which takes less memory.
  var resultGroups: [Range<Int>] {
    perception == nil ? results.indices.map { $0..<$0 + 1 } : [results.indices]
  }

  /// The volumes that are read.
  var inputs: [String] {
    var paths: [String]
    switch subject {
    case .files(let results, let truth): paths = results + [truth] + labels
    case .contenders(let request): paths = request.truths
    }
    if let truthLabels { paths.append(truthLabels) }
    if case .file(let path) = mask { paths.append(path) }
    return paths
  }

  private static func perception(
    _ metrics: [ScoreMetric], weights: String?, _ options: ScoreOptions, _ reader: OptionReader
  ) throws(Failure) -> (network: PerceptualNetwork, weights: String)? {
    let network: PerceptualNetwork? = try reader.argument("lpips", options.lpips)
    guard metrics.contains(.lpips) else {
      if network != nil || weights != nil {
        throw Failure(
          .conflict(
            options: [network == nil ? "--lpips-weights" : "--lpips"],
            reason: "has a meaning only with lpips among --metrics"))
      }
      return nil
    }
    guard let weights else {
      throw Failure(
        .conflict(
          options: ["--metrics lpips"],
          reason: "needs the network's weights, which are not part of this program; give them with "
            + "--lpips-weights"))
    }
    return (network ?? .alex, weights)
  }

  private static func checkCombinations(
    _ metrics: [ScoreMetric], _ options: ScoreOptions, hasLabels: Bool, mask: ScoreMask
  ) throws(Failure) {
    if hasLabels, !metrics.contains(.dice) {
      throw Failure(
        .conflict(
          options: ["--metrics", "--truth-labels"], reason: "only dice needs segmentations"))
    }
    if options.maskBackground, mask == .none {
      throw Failure(
        .conflict(options: ["--mask-background"], reason: "has a meaning only with --mask"))
    }
    if options.maskBackground, !metrics.contains(where: { $0 == .psi || $0 == .lpcsi }) {
      throw Failure(
        .conflict(
          options: ["--mask-background"],
          reason: "has a meaning only with psi or lpcsi among --metrics"))
    }
    let given = [("--slices", options.slices != nil), ("--per-slice", options.perSlice)]
    if let (name, _) = given.first(where: \.1), !metrics.contains(where: \.isOfSlices) {
      throw Failure(
        .conflict(
          options: [name], reason: "has a meaning only with psi, lpcsi or lpips among --metrics"))
    }
  }

  /// Options that say something about files that the second form does not have.
  private func checkSubject() throws(Failure) {
    if report != nil, resamples {
      throw Failure(
        .conflict(
          options: ["--report", "--resample"],
          reason: "a report shows volumes of one grid; bring the results onto the truth's first"))
    }
    guard contenders != nil else { return }
    if report != nil {
      throw Failure(
        .conflict(
          options: ["--truth", "--report"],
          reason: "what is made here is not kept; a report shows results in files"))
    }
    if case .file = mask {
      throw Failure(
        .conflict(
          options: ["--truth", "--mask"],
          reason: "one mask cannot fit several volumes; use --mask foreground"))
    }
    if resamples {
      throw Failure(
        .conflict(
          options: ["--truth", "--resample"], reason: "what is scored lies on its truth's grid"))
    }
    if truthLabels != nil {
      throw Failure(
        .conflict(
          options: ["--truth", "--truth-labels"],
          reason: "results are made here, so dice takes the built-in segmentation"))
    }
  }

  private func checkPaths() throws(Failure) {
    for path in inputs where path.isEmpty { throw Failure(.emptyPath(argument: "<volumes>")) }
    if inputs.contains(StandardInput.name) {
      throw Failure(
        .optionValue(
          option: "<volumes>", value: StandardInput.name,
          reason: "standard input cannot be one of several volumes; name files"))
    }
    if let report, OutputPlace(report.path).isStandardOutput {
      throw Failure(
        .optionValue(
          option: "--report", value: report.path,
          reason: "standard output takes the scores; name a file"))
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
