import Files
import FusedInference
import Networks
import Volumes

/// The JSON beside a result: what was made from what, with what, and how.
///
/// It holds nothing that differs between two runs that make the same voxels: no time, no folder, no
/// number of threads.
struct Sidecar {
  private let prepared: PreparedUpsampling
  private let outcome: UpsampleOutcome
  private let digests: InputDigests

  init(_ prepared: PreparedUpsampling, _ outcome: UpsampleOutcome, digests: InputDigests) {
    self.prepared = prepared
    self.outcome = outcome
    self.digests = digests
  }

  /// What the values depend on, as far as it is known before they are computed.
  ///
  /// The instruction set is not among them, unless it was asked for: a study goes on on machines of
  /// another kind.
  static let decisive = [
    "Schema", "Version", "Method", "Model", "Scale", "Source", "Auxiliary", "Size", "Spacing",
    "DataType", "PSF", "Deconvolution", "Ensemble", "Options",
  ]

  private var request: UpsampleRequest { prepared.request }

  var json: JSON {
    let resolution = SidecarParts.resolution(
      prepared.target.grid, factors: prepared.scale, "finer")
    var members: [(key: String, value: JSON)] = [
      ("Description", .string(description)), ("Sources", .strings(sources)),
    ]
    if let bids = request.bids {
      members.append(("SkullStripped", .boolean(bids.skullStripped ?? outcome.skullStripped)))
    }
    members.append(("Resolution", resolution))
    members += request.bids?.kept ?? []
    return .object(members + [("Arssr", .object(details))])
  }

  private var description: String {
    guard let model = prepared.engine.model else {
      return "Resampled by \(request.method.rawValue) interpolation."
    }
    return "Super-resolved with \(model.name) (\(model.network.architecture))."
  }

  private var sources: [String] {
    [request.bids?.source ?? SidecarParts.name(request.input)]
      + request.otherInputs.reversed().map { SidecarParts.name($0.path) }
  }

  private var details: [(key: String, value: JSON)] {
    var details: [(key: String, value: JSON)] = [
      ("Schema", .string("arssr.sidecar/1")),
      ("Version", .string(Arssr.version)),
      ("Method", .string(request.method.rawValue)),
      ("Model", model),
      ("Scale", .numbers(prepared.scale.rounded(significant: 9))),
      (
        "Source",
        SidecarParts.source(
          prepared.input.header, frames: prepared.frames, digest: digests.source,
          facts: request.bids?.moved ?? [])
      ),
      ("Size", .integers(prepared.target.grid.size)),
      ("Spacing", .numbers(prepared.target.grid.affine.columnNorms.rounded(significant: 9))),
      ("DataType", .string(prepared.storedType.name)),
      ("Saturated", .integer(outcome.saturatedCount)),
      ("Intensity", intensity),
      ("Background", background),
      ("PSF", blur),
      ("Deconvolution", deconvolution),
      ("Ensemble", ensemble),
      ("Consistency", consistency),
      ("Path", path),
      ("Options", SidecarParts.options(request.recorded)),
      ("Warnings", .strings(prepared.console.warnings.map(\.message))),
    ]
    if !digests.others.isEmpty {
      details.insert(
        ("Auxiliary", .object(digests.others.map { ($0.option, .string($0.digest)) })), at: 6)
    }
    return details
  }

  private var model: JSON {
    guard let model = prepared.engine.model else { return .null }
    return .object([
      ("Name", .string(model.name)), ("SHA256", .string(model.checkpoint.fileSHA256)),
      ("Kind", .string(model.network.architecture)),
      ("Status", .optional(model.card.status)), ("Licence", .optional(model.card.licence)),
    ])
  }

  private var intensity: JSON {
    func each(_ value: (IntensityMap) -> Double) -> JSON {
      SidecarParts.each(outcome.intensities.map { .number(value($0)) })
    }
    return .object([
      ("Normalisation", .string(prepared.normalisation.description)),
      ("Low", each(\.low)), ("High", each(\.high)), ("Clip", .string(request.clip.text)),
    ])
  }

  /// What was kept and not computed; null where all was computed.
  private var background: JSON {
    let values = outcome.backgrounds.map { background -> JSON in
      guard let background else { return .null }
      return .object([
        ("Value", .number(Double(background.value))), ("Share", .number(background.share)),
      ])
    }
    return SidecarParts.each(values)
  }

  /// The blur that the model was told, given or its default; along i, j, k where it was divided out.
  private var blur: JSON {
    guard case .arssr(_, let plan)? = prepared.engine.network,
      let network = prepared.engine.model?.network.arssr
    else { return .null }
    switch network.variants.condition {
    case .none: return .null
    case .psf: return .number(plan.blur.told)
    case .deconvolution: return .numbers(plan.blur.divided)
    }
  }

  /// The rule by which a blur is divided out; null for models that see it.
  private var deconvolution: JSON {
    guard
      case .deconvolution(let lambda, _)? = prepared.engine.model?.network.arssr?.variants.condition
    else { return .null }
    return .object([
      ("Version", .integer(Deconvolution.version)), ("Lambda", .number(lambda)),
      ("Origin", .optional(prepared.blur?.origin)),
    ])
  }

  /// null where the input was computed once, as it is.
  private var ensemble: JSON {
    guard let ensemble = prepared.ensemble else { return .null }
    let uncertainty = request.refinement.uncertainty.map { SidecarParts.name($0.path) }
    var members: [(key: String, value: JSON)] = [
      ("Members", .integer(ensemble.count)), ("Permutations", .boolean(ensemble.permutes)),
      ("Uncertainty", .optional(uncertainty)),
    ]
    if let digest = outcome.uncertaintyDigest {
      members.append(("UncertaintySHA256", .string(digest)))
    }
    return .object(members + [("Calibration", calibration)])
  }

  /// What made expected errors of the spread; null where the spread itself is written, or nothing.
  private var calibration: JSON {
    guard let calibration = prepared.calibration else { return .null }
    return .object([
      ("Floor", .number(calibration.line.floor)), ("Factor", .number(calibration.line.factor)),
      ("Origin", .string(calibration.isOfModel ? "model" : "default")),
    ])
  }

  /// null where the result was not measured again.
  private var consistency: JSON {
    outcome.consistency.isEmpty ? .null : SidecarParts.each(outcome.consistency.map(\.json))
  }

  private var path: JSON {
    guard let path = prepared.engine.network?.path else { return .null }
    return .object([
      ("ISA", .string(prepared.machine.instructionSet)),
      ("Exact", .boolean(path.isExact)),
      ("Convolution", .string(path.convolution.rawValue)),
      ("Precision", .string(path.precision.rawValue)),
      ("ErrorBound", .number(path.errorBound)),
    ])
  }
}

extension ClipRange {
  /// The text that the option takes.
  var text: String {
    switch self {
    case .none: "none"
    case .input: "input"
    case .range(let low, let high): "\(NumberText.text(low)),\(NumberText.text(high))"
    }
  }
}

extension SIMD3<Double> {
  /// Rounded to a number of digits: spacings come from float32 headers and have no more.
  func rounded(significant: Int) -> SIMD3<Double> {
    var result = self
    for axis in 0..<3 {
      result[axis] = Double(NumberText.short(self[axis], significant: significant)) ?? self[axis]
    }
    return result
  }
}
