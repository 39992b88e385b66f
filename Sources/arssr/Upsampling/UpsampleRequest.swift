import Files
import FusedInference
import KernelInterface
import Volumes

/// Everything that the user asked of `upsample`, checked as far as words go: no file was opened
/// yet.
struct UpsampleRequest: Sendable {
  enum Target: Equatable {
    case request(TargetRequest)
    case like(String)
  }

  var input: String
  /// The result's file.
  var file: OutputRequest
  var target: Target
  /// Text of the factors asked for, if factors were.
  var scaleText: String?
  /// Whether nobody asked for a target.
  var hasDefaultTarget: Bool
  var method: UpsampleMethod
  var model: String
  var normalisation: NormalisationChoice
  var blur: BlurChoice?
  var tile: Int?
  /// LR voxels of tiles that are computed each by itself.
  var separateTile: Int?
  var frames: FrameSelection?
  var nonFinite: NonFinitePolicy
  var mask: String?
  /// The image of another contrast.
  var guide: String?
  var guideResample: Bool
  var outside: OutsideValue
  var background: BackgroundValue
  var clip: ClipRange
  var headerCompat: Bool
  /// For a volume of a BIDS dataset.
  var bids: BIDSVolume?
  /// What needs the result as a whole.
  var refinement: RefinementRequest
  var dryRun: Bool
  /// Whether a result that is there, and the one that would be made, is left alone.
  var skipsExisting: Bool
  var computing: ComputingRequest
  /// What was asked for and decides about values, in the user's words, for the sidecar.
  var recorded: [(name: String, text: String)]

  /// The result's path.
  var output: String { file.path }

  /// The sidecar's path, where there is one.
  var sidecar: String? { file.sidecar }
}

extension UpsampleRequest {
  /// Takes the options, the environment and the settings files together.
  ///
  /// - Throws: If an option is not in order; paths are left to ``checkPaths()``.
  init(_ command: some UpsamplingCommand, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    input = command.input
    (target, scaleText) = try reader.target(command.target)
    hasDefaultTarget = reader.usesDefaultScale
    let options = command.methodOptions
    method = try reader.value(OptionCatalogue.method, options.method) ?? .model
    model = try reader.value(OptionCatalogue.model, options.model)?.text ?? ModelLibrary.defaultName
    normalisation = try reader.value(OptionCatalogue.normalisation, options.normalisation) ?? .card
    blur = try reader.value(OptionCatalogue.psf, options.psf)
    tile = try reader.value(OptionCatalogue.tile, options.tile)?.count
    let separateTile: TileSide? = try reader.argument("tile-compat", options.tileCompat)
    self.separateTile = separateTile?.count
    frames = try reader.value(
      OptionKey<FrameSelection>("volumes", builtIn: "all", changesResults: true),
      command.inputOptions.frames.volumes)
    nonFinite = try reader.nonFinite(command.inputOptions.frames.nonFinite)
    mask = try reader.path("mask", command.inputOptions.mask)
    guide = try reader.path("guide", command.inputOptions.guide)
    guideResample = command.inputOptions.guideResample
    if guideResample { reader.record("guide-resample", "true") }
    outside = try reader.value(OptionCatalogue.outside, command.inputOptions.outside) ?? .zero
    let givenBackground = command.inputOptions.background
    // The exact path, where it is typed, puts aside what settings files say of the background.
    let background =
      try command.computing.exact && givenBackground == nil
      ? nil : reader.value(OptionCatalogue.background, givenBackground)
    let results = command.outputOptions
    let storedType =
      try reader.value(OptionCatalogue.datatype, results.files.datatype) ?? .float32
    clip = try reader.value(OptionCatalogue.clip, results.clip) ?? .none
    file = try OutputRequest(
      path: command.output, storedType: storedType, options: results.files, reader: reader)
    headerCompat =
      try reader.value(OptionCatalogue.headerCompat, results.headerCompat ? "true" : nil)?.isOn
      ?? false
    dryRun = results.dryRun
    skipsExisting = command.batch.skipExisting
    if skipsExisting { file = file.replacing() }
    computing = try ComputingRequest(command.computing, reader: reader)
    self.background = background ?? (computing.isExact ? .compute : .keep)
    var inputs = [input] + [mask, guide].compactMap { $0 }
    if case .like(let path) = target { inputs.append(path) }
    refinement = try RefinementRequest(
      command.refinement, file: file, inputs: inputs, reader: reader)
    recorded = reader.recorded
    try checkCombinations(command, session)
  }

  /// The same request for one of many volumes.
  func of(input: String, output: String) -> UpsampleRequest {
    var request = self
    (request.input, request.file) = (input, file.named(output))
    return request
  }

  /// What not all networks take.
  var networkOptions: NetworkOptions {
    var options = NetworkOptions()
    options.hasGuide = guide != nil
    options.hasBlur = blur != nil
    options.hasTile = tile != nil
    options.hasSeparateTile = separateTile != nil
    options.ensembleOption = refinement.ensembleOption
    return options
  }

  /// The normalisation asked for, or that of the model's card.
  func normalisation(of model: DescribedModel) -> Normalisation {
    switch normalisation {
    case .given(let normalisation): normalisation
    case .card: model.network.normalisation
    }
  }

  /// The files that are read beside the input, by the option that names them.
  var otherInputs: [(option: String, path: String)] {
    var paths: [(option: String, path: String)] = []
    if let guide { paths.append(("guide", guide)) }
    if let mask { paths.append(("mask", mask)) }
    if case .like(let path) = target { paths.append(("like", path)) }
    return paths
  }

  /// - Throws: If a path is empty, the output's suffix is unknown, or it is one of the inputs.
  func checkPaths() throws(Failure) {
    try file.checkPaths(input: input, others: otherInputs.map(\.path))
  }

  private func checkCombinations(
    _ command: some UpsamplingCommand, _ session: Session
  ) throws(Failure) {
    if let (option, path) = otherInputs.first(where: { $0.path == StandardInput.name }) {
      throw Failure(
        .optionValue(
          option: "--\(option)", value: path,
          reason: "standard input cannot be one of several volumes; name files"))
    }
    let options = command.methodOptions
    if method != .model {
      let given = [
        ("--model", options.model), ("--psf", options.psf),
        ("--normalisation", options.normalisation), ("--tile", options.tile),
        ("--tile-compat", options.tileCompat), ("--guide", guide),
        ("--precision", command.computing.precision),
        ("--background", command.inputOptions.background),
      ]
      if let (name, _) = given.first(where: { $0.1 != nil }) {
        throw Failure(
          .conflict(
            options: ["--method \(method.rawValue)", name],
            reason: "interpolation takes no \(name); leave one of the two out"))
      }
    }
    if computing.isExact, background == .keep {
      throw Failure(
        .conflict(
          options: ["--exact", "--background keep"],
          reason: "the exact path computes everything; leave one of the two out"))
    }
    if mask == nil, command.inputOptions.outside != nil {
      throw Failure(.conflict(options: ["--outside"], reason: "has a meaning only with --mask"))
    }
    if guide == nil, guideResample {
      throw Failure(
        .conflict(options: ["--guide-resample"], reason: "has a meaning only with --guide"))
    }
    if skipsExisting, let refusal = file.sidecarRefusal {
      throw Failure(
        .conflict(
          options: ["--skip-existing", refusal],
          reason: "it is the sidecar that shows how a result was made; leave one of the two out, "
            + "or say --sidecar"))
    }
    try refinement.check(self)
    try file.checkCombinations(session)
    try OutputRequest.checkStreams(refinement.files, session)
  }
}
