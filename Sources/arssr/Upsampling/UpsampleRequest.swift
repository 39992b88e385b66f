import Files
import KernelInterface
import Volumes

/// Everything that the user asked of `upsample`, checked as far as words go: no file was opened yet.
struct UpsampleRequest: Sendable {
  enum Target: Equatable {
    case request(TargetRequest)
    case like(String)
  }

  var input: String
  var output: String
  var target: Target
  /// Text of the factors asked for, if factors were.
  var scaleText: String?
  var method: UpsampleMethod
  var model: String
  var normalisation: NormalisationChoice
  var blur: Double?
  var tile: Int?
  var frames: FrameSelection?
  var nonFinite: NonFinitePolicy
  var mask: String?
  var outside: OutsideValue
  var background: BackgroundValue
  var storedType: StoredType
  var clip: ClipRange
  var compression: Int
  var hasSidecar: Bool
  var headerCompat: Bool
  var force: Bool
  var dryRun: Bool
  var computing: ComputingRequest
  /// What was asked for and decides about values, in the user's words, for the sidecar.
  var recorded: [(name: String, text: String)]

  /// The sidecar's path, where there is one.
  var sidecar: String? { hasSidecar ? Self.sidecarPath(of: output) : nil }

  static func sidecarPath(of output: String) -> String {
    for suffix in [".nii.gz", ".nii"] where output.lowercased().hasSuffix(suffix) {
      return output.dropLast(suffix.count) + ".json"
    }
    return output + ".json"
  }
}

extension UpsampleRequest {
  /// Takes the options, the environment and the settings files together.
  init(_ command: Upsample, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    input = command.input
    output = command.output
    (target, scaleText) = try reader.target(command.target)
    let options = command.methodOptions
    method = try reader.value(OptionCatalogue.method, options.method) ?? .model
    model = try reader.value(OptionCatalogue.model, options.model)?.text ?? ModelLibrary.defaultName
    normalisation = try reader.value(OptionCatalogue.normalisation, options.normalisation) ?? .card
    blur = try reader.value(OptionCatalogue.psf, options.psf)?.width
    tile = try reader.value(OptionCatalogue.tile, options.tile)?.count
    frames = try reader.value(
      OptionKey<FrameSelection>("volumes", builtIn: "all", changesResults: true),
      command.inputOptions.volumes)
    nonFinite = try reader.value(OptionCatalogue.nan, command.inputOptions.nan) ?? .error
    mask = try reader.path("mask", command.inputOptions.mask)
    outside = try reader.value(OptionCatalogue.outside, command.inputOptions.outside) ?? .zero
    let background = try reader.value(
      OptionCatalogue.background, command.inputOptions.background)
    let results = command.outputOptions
    storedType = try reader.value(OptionCatalogue.datatype, results.datatype) ?? .float32
    clip = try reader.value(OptionCatalogue.clip, results.clip) ?? .none
    compression = try reader.value(OptionCatalogue.compression, results.compression)?.level ?? 1
    let sidecar = try reader.value(
      OptionCatalogue.sidecar, results.sidecar.map { $0 ? "true" : "false" })
    headerCompat =
      try reader.value(OptionCatalogue.headerCompat, results.headerCompat ? "true" : nil)?.isOn
      ?? false
    force = results.force
    dryRun = results.dryRun
    computing = try ComputingRequest(command.computing, reader: reader)
    self.background = background ?? (computing.isExact ? .compute : .keep)
    hasSidecar = Self.isFile(command.output) && sidecar?.isOn ?? true
    recorded = reader.recorded
    try checkCombinations(command, session)
    try checkPaths()
  }

  private func checkCombinations(_ command: Upsample, _ session: Session) throws(Failure) {
    let options = command.methodOptions
    if method != .model {
      let given = [
        ("--model", options.model), ("--psf", options.psf),
        ("--normalisation", options.normalisation), ("--tile", options.tile),
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
    if session.format == .json, output == StandardInput.name {
      throw Failure(
        .conflict(
          options: ["--format json", "-"],
          reason: "standard output takes the volume or the report, not both"))
    }
    if command.outputOptions.sidecar == true, !Self.isFile(output) {
      throw Failure(
        .conflict(options: ["--sidecar", output], reason: "there is no place beside this output"))
    }
  }

  private func checkPaths() throws(Failure) {
    for (name, path) in [("<input>", input), ("<output>", output)] where path.isEmpty {
      throw Failure(.emptyPath(argument: name))
    }
    let lowered = output.lowercased()
    if Self.isFile(output), !lowered.hasSuffix(".nii"), !lowered.hasSuffix(".nii.gz") {
      throw Failure(.outputSuffix(path: output))
    }
    guard let place = FileIdentity(path: output) else { return }
    var inputs = [input]
    if let mask { inputs.append(mask) }
    if case .like(let path) = target { inputs.append(path) }
    for path in inputs where FileIdentity(path: path) == place {
      throw Failure(.outputIsInput(path: output))
    }
  }

  /// Whether an output is a file that appears under its name, not a stream or device.
  private static func isFile(_ path: String) -> Bool {
    path != StandardInput.name && !AtomicOutputFile.isStream(path: path)
  }
}
