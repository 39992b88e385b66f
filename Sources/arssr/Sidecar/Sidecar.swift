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
  private let sourceDigest: String

  init(_ prepared: PreparedUpsampling, _ outcome: UpsampleOutcome, sourceDigest: String) {
    self.prepared = prepared
    self.outcome = outcome
    self.sourceDigest = sourceDigest
  }

  private var request: UpsampleRequest { prepared.request }

  var json: JSON {
    .object([
      ("Description", .string(description)),
      ("Sources", .strings(sources)),
      ("Resolution", .string(resolution)),
      ("Arssr", .object(details)),
    ])
  }

  private var description: String {
    guard let model = prepared.engine.model else {
      return "Resampled by \(request.method.rawValue) interpolation."
    }
    return "Super-resolved with \(model.name) (\(model.network.architecture))."
  }

  private var sources: [String] {
    var paths = [request.input]
    if case .like(let path) = request.target { paths.append(path) }
    if let mask = request.mask { paths.append(mask) }
    return paths.map(Self.name)
  }

  private var resolution: String {
    let spacing = SizeText.text(prepared.target.grid.affine.columnNorms)
    let scale = TripleText.text(prepared.scale, significant: 6)
    let each = scale.contains(",") ? "along i, j, k" : "on each axis"
    return "\(spacing) mm; \(scale) times finer than the source \(each)"
  }

  private var details: [(key: String, value: JSON)] {
    [
      ("Schema", .string("arssr.sidecar/1")),
      ("Version", .string(Arssr.version)),
      ("Method", .string(request.method.rawValue)),
      ("Model", model),
      ("Scale", .numbers(prepared.scale.rounded(significant: 9))),
      ("Source", source),
      ("Size", .integers(prepared.target.grid.size)),
      ("Spacing", .numbers(prepared.target.grid.affine.columnNorms.rounded(significant: 9))),
      ("DataType", .string(prepared.storedType.name)),
      ("Saturated", .integer(outcome.saturatedCount)),
      ("Intensity", intensity),
      ("Background", background),
      ("PSF", blur),
      ("Path", path),
      ("Options", .object(request.recorded.map { ($0.name, .string(Self.name($0.text))) })),
      ("Warnings", .strings(prepared.console.warnings.map(\.message))),
    ]
  }

  private var model: JSON {
    guard let model = prepared.engine.model else { return .null }
    return .object([
      ("Name", .string(model.name)), ("SHA256", .string(model.checkpoint.fileSHA256)),
      ("Kind", .string(model.network.architecture)),
      ("Status", .optional(model.card.status)), ("Licence", .optional(model.card.licence)),
    ])
  }

  private var source: JSON {
    let header = prepared.input.header
    var members: [(key: String, value: JSON)] = [
      ("SHA256", .string(sourceDigest)),
      ("Size", .integers(header.grid.size)),
      ("Spacing", .numbers(header.grid.affine.columnNorms.rounded(significant: 9))),
      ("DataType", .string(header.voxelType.name)),
      ("Orientation", .optional(header.grid.orientation)),
      ("Description", .string(Escaping.text(bytes: header.descriptionText))),
    ]
    if header.frames > 1 { members.append(("Volumes", .array(prepared.frames.map(JSON.integer)))) }
    if !header.extensions.isEmpty {
      // Carried as they are: what they say of the acquisition holds for the source.
      members.append(("ExtensionCodes", .array(header.extensions.map { .integer(Int($0.code)) })))
    }
    return .object(members)
  }

  private var intensity: JSON {
    // One number for a volume, one per frame for a series.
    func each(_ value: (IntensityMap) -> Double) -> JSON {
      let values = outcome.intensities.map { JSON.number(value($0)) }
      return values.count == 1 ? values[0] : .array(values)
    }
    return .object([
      ("Normalisation", .string(prepared.normalisation.description)),
      ("Low", each(\.low)), ("High", each(\.high)), ("Clip", .string(request.clip.text)),
    ])
  }

  /// What was kept and not computed; null where all was computed.
  private var background: JSON {
    let each = outcome.backgrounds.map { background -> JSON in
      guard let background else { return .null }
      return .object([
        ("Value", .number(Double(background.value))), ("Share", .number(background.share)),
      ])
    }
    return each.count == 1 ? each[0] : .array(each)
  }

  /// The blur that the model was told, given or its default.
  private var blur: JSON {
    guard case .psf(let standard)? = prepared.engine.model?.network.variants.condition else {
      return .null
    }
    return .number(request.blur ?? standard)
  }

  private var path: JSON {
    guard case .network(let upsampler, _, _) = prepared.engine else { return .null }
    return .object([
      ("ISA", .string(prepared.machine.instructionSet)),
      ("Exact", .boolean(upsampler.isExact)),
      ("Convolution", .string(upsampler.convolution.rawValue)),
      ("Precision", .string(upsampler.precision.rawValue)),
      ("ErrorBound", .number(upsampler.errorBound)),
    ])
  }

  /// The last part of a path: the folder is the user's own affair.
  private static func name(_ path: String) -> String {
    path == StandardInput.name
      ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path
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
