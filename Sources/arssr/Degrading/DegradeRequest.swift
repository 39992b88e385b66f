import Degradation
import Volumes

/// Everything that the user asked of `degrade`, checked as far as words go.
struct DegradeRequest: Sendable {
  let input: String
  /// The result's file.
  let file: OutputRequest
  let degradation: DegradationRequest
  let noise: NoiseModel?
  let mask: String?
  let frames: FrameSelection?
  let nonFinite: NonFinitePolicy
  let computing: ComputingRequest
  /// What was asked for and decides about values, in the user's words, for the sidecar.
  let recorded: [(name: String, text: String)]
}

extension DegradeRequest {
  /// Takes the options, the environment and the settings files together.
  init(_ command: Degrade, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    input = command.input
    degradation = try Self.degradation(command.operatorOptions, reader)
    let options = command.noiseOptions
    noise = try Self.noise(options.level, seed: options.seed, reader)
    if noise == nil, options.seed != nil {
      throw Failure(.conflict(options: ["--seed"], reason: "has a meaning only with --noise"))
    }
    frames = try reader.argument("volumes", command.inputOptions.frames.volumes)
    nonFinite = try reader.nonFinite(command.inputOptions.frames.nonFinite)
    mask = try reader.path("mask", command.inputOptions.mask)
    let storedType =
      try reader.value(OptionCatalogue.datatype, command.files.datatype) ?? .float32
    file = try OutputRequest(
      path: command.output, storedType: storedType, options: command.files, reader: reader)
    computing = try ComputingRequest(command.resources, reader: reader)
    recorded = reader.recorded
    try file.checkCombinations(session)
    try file.checkPaths(input: input, others: mask.map { [$0] } ?? [])
  }

  /// The operator that options ask for.
  static func degradation(
    _ options: OperatorOptions, _ reader: OptionReader
  ) throws(Failure) -> DegradationRequest {
    if options.scale != nil, options.spacing != nil {
      throw Failure(
        .conflict(
          options: ["--scale", "--spacing"],
          reason: "only one option can say how coarse the result is"))
    }
    try OptionReader.checkBlur(sigma: options.sigma != nil, fullWidth: options.fwhm != nil)
    let method: DegradationOperator =
      try reader.argument("operator", options.operator) ?? .cubic
    if options.operator == nil { reader.record("operator", method.rawValue) }
    let target: DegradationRequest.Target
    if let spacing: TargetSpacing = try reader.argument("spacing", options.spacing) {
      target = .spacing(spacing.millimetres)
    } else {
      let scale: CoarseningFactors? = try reader.argument("scale", options.scale)
      if scale == nil { reader.record("scale", "2") }
      target = .scale(scale?.factors ?? SIMD3(repeating: 2))
    }
    var request = DegradationRequest(method, target)
    let fwhm: Widths? = try reader.argument("fwhm", options.fwhm)
    request.fullWidths = fwhm?.values
    let sigma: Widths? = try reader.argument("sigma", options.sigma)
    request.sigma = sigma?.values ?? .zero
    request.deconvolves = options.deconvolve
    if options.deconvolve { reader.record("deconvolve", "true") }
    request.crops = options.crop
    if options.crop { reader.record("crop", "true") }
    return request
  }

  /// The noise that options ask for.
  static func noise(
    _ options: NoiseLevelOptions, seed: String?, _ reader: OptionReader
  ) throws(Failure) -> NoiseModel? {
    guard let level: NoiseLevel = try reader.argument("noise", options.noise) else {
      if options.noiseKind != nil {
        throw Failure(
          .conflict(options: ["--noise-kind"], reason: "has a meaning only with --noise"))
      }
      return nil
    }
    let kind: NoiseModel.Kind = try reader.argument("noise-kind", options.noiseKind) ?? .rician
    let seed: SeedValue? = try reader.argument("seed", seed)
    return NoiseModel(kind, level.level, seed: seed?.seed ?? 0)
  }
}
