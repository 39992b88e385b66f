import Degradation
import Files
import FusedInference
import Training
import Volumes

/// What the second form of `evaluate` was asked for: models and methods, and what they work on.
struct ContenderRequest: Sendable {
  /// A model or a method.
  enum Contender: Sendable, Equatable {
    case model(String)
    case method(InterpolationMethod)

    /// As it is named in tables.
    var name: String {
      switch self {
      case .model(let text): text
      case .method(let method): method.rawValue
      }
    }
  }

  /// Paths of the volumes.
  let truths: [String]
  let contenders: [Contender]
  let degradation: DegradationRequest
  let noise: NoiseModel?
  /// What happens to voxels of the truths that are NaN or infinite.
  let nonFinite: NonFinitePolicy
  /// What models are told of the blur; nil: the operator's.
  let blur: InputBlur?

  /// - Returns: Nil where the first form is meant.
  /// - Throws: If options lack or belong to the other form, or there are no volumes.
  init?(_ command: Evaluate, reader: OptionReader) throws(Failure) {
    let options = command.contenders
    guard let source = try reader.path("truth", options.truth) else {
      try Self.checkNothingGiven(options, command.computing)
      return nil
    }
    if !command.volumes.isEmpty {
      throw Failure(
        .conflict(
          options: ["--truth", command.volumes[0]],
          reason: "either results are compared with a truth, or models are scored on --truth"))
    }
    var contenders = options.model.map { Contender.model($0) }
    for text in options.method {
      guard let method: InterpolationMethod = try reader.argument("method", text) else { continue }
      contenders.append(.method(method))
    }
    guard !contenders.isEmpty else { throw Failure(.missingArgument("--model or --method")) }
    for (index, contender) in contenders.enumerated() where contenders[..<index].contains(contender)
    {
      throw Failure(
        .conflict(options: [contender.name], reason: "is named twice; name every contender once"))
    }
    self.contenders = contenders
    truths = try Failure.of { () throws(TrainingDataError) in try TrainingFiles.find(source) }
    degradation = try DegradeRequest.degradation(options.operatorOptions, reader)
    noise = try DegradeRequest.noise(options.noise, seed: command.scores.seed, reader)
    nonFinite = try reader.nonFinite(options.nonFinite)
    switch try reader.argument("psf", options.psf) as BlurChoice? {
    case .uniform(let width): blur = .uniform(width)
    case .perAxis(let widths): blur = .perAxis(widths)
    case .automatic, nil: blur = nil
    }
  }

  private static func checkNothingGiven(
    _ options: ContenderOptions, _ computing: ComputingOptions
  ) throws(Failure) {
    let degrading = options.operatorOptions
    let given = [
      ("--model", !options.model.isEmpty), ("--method", !options.method.isEmpty),
      ("--scale", degrading.scale != nil), ("--spacing", degrading.spacing != nil),
      ("--operator", degrading.operator != nil), ("--fwhm", degrading.fwhm != nil),
      ("--deconvolve", degrading.deconvolve), ("--sigma", degrading.sigma != nil),
      ("--crop", degrading.crop), ("--noise", options.noise.noise != nil),
      ("--noise-kind", options.noise.noiseKind != nil), ("--nan", options.nonFinite.nan != nil),
      ("--psf", options.psf != nil), ("--exact", computing.exact),
      ("--precision", computing.precision != nil),
    ]
    if let (name, _) = given.first(where: \.1) {
      throw Failure(.conflict(options: [name], reason: "has a meaning only with --truth"))
    }
  }

  /// How the volumes were made coarser, in words.
  var text: String {
    let scale =
      switch degradation.target {
      case .scale(let factors): "scale \(TripleText.text(factors, significant: 6))"
      case .spacing(let spacing): "\(TripleText.text(spacing, significant: 6)) mm"
      }
    var parts = ["degraded by \(degradation.method.rawValue), \(scale)"]
    if degradation.sigma != .zero {
      parts.append("sigma \(TripleText.text(degradation.sigma, significant: 6)) voxels")
    }
    if let widths = degradation.fullWidths {
      parts.append("FWHM \(TripleText.text(widths, significant: 6)) mm")
    }
    if noise != nil { parts.append("noise") }
    if nonFinite == .zero { parts.append("voxels that are not finite taken as 0") }
    parts.append("brought back at the truth's voxel centres")
    return parts.joined(separator: ", ")
  }

  var json: JSON {
    func triple(_ values: SIMD3<Double>?) -> JSON { values.map(JSON.numbers) ?? .null }
    var scale: SIMD3<Double>?
    var spacing: SIMD3<Double>?
    switch degradation.target {
    case .scale(let factors): scale = factors
    case .spacing(let wish): spacing = wish
    }
    return .object([
      ("operator", .string(degradation.method.rawValue)), ("scale", triple(scale)),
      ("spacing", triple(spacing)), ("sigma", .numbers(degradation.sigma)),
      ("fwhm", triple(degradation.fullWidths)),
      ("deconvolve", .boolean(degradation.deconvolves)), ("crop", .boolean(degradation.crops)),
      (
        "noise",
        noise.map { noise in
          let level: JSON =
            switch noise.level {
            case .share(let share): .object([("share", .number(share))])
            case .sigma(let sigma): .object([("sigma", .number(sigma))])
            }
          return .object([
            ("kind", .string(noise.kind.rawValue)), ("level", level),
            ("seed", .string(String(noise.seed))),
          ])
        } ?? .null
      ),
      ("nan", .string(nonFinite.rawValue)),
      ("psf", blur.map { .string($0.description) } ?? .null),
    ])
  }
}
