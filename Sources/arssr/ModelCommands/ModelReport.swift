import Checkpoints
import Files
import Networks
import Volumes

/// What `models info` tells of a model: `arssr.model/1`.
struct ModelReport {
  /// The scale for which costs per voxel are told.
  private static let scale = 2.0

  private let model: LoadedModel
  private let information: ModelInformation
  /// Whether the text names every tensor; the JSON always does.
  private let listsTensors: Bool

  init(_ model: LoadedModel, listsTensors: Bool = false) {
    self.model = model
    self.listsTensors = listsTensors
    information = ModelInformation(model.checkpoint, model.network)
  }

  private var variants: ArSSRVariants { model.network.variants }

  // MARK: - For the eye

  var text: String {
    let card = model.card
    let facts = information.facts
    let cost = information.cost
    var lines: [(String, String)] = []
    let title = card.title.map { "   \(Escaping.text($0))" } ?? ""
    lines.append(("model", Escaping.text(card.name) + title))
    let container = "\(information.container.rawValue), \(ByteSize.text(information.fileBytes))"
    lines.append(("file", "\(Escaping.path(information.path))   \(container)"))
    lines.append(("sha256", facts.sha256))
    let decoder = "decoder \(information.decoderDepth) x \(information.decoderWidth)"
    lines.append(
      (
        "kind",
        "\(facts.architecture), \(information.featureChannels) features, encoder width "
          + "\(information.encoderWidth), \(decoder)"
      ))
    lines.append(
      ("parameters", "\(facts.parameterCount) in \(information.tensors.count) tensors"))
    lines.append(("function", functionText))
    lines.append(("scales", ScalesText.text(card.scales)))
    lines.append(("receptive field", "\(information.halo) voxels to each side"))
    let operations = NumberText.short(cost.operationsPerOutputVoxel(scale: Self.scale))
    let bytes = NumberText.short(cost.featureBytesPerOutputVoxel(scale: Self.scale))
    lines.append(
      (
        "at scale 2",
        "\(operations) multiply-adds and \(bytes) bytes of features per voxel of the result"
      ))
    let described: [(String, String?)] = [
      ("status", card.status),
      ("contrast", card.contrasts.isEmpty ? nil : card.contrasts.joined(separator: ", ")),
      ("licence", card.licence), ("degradation", card.degradation), ("training", card.training),
      ("provenance", card.provenance), ("citation", card.citation),
    ]
    lines += described.compactMap { name, text in text.map { (name, Escaping.whole($0)) } }
    guard listsTensors else { return Columns.text(lines) }
    lines += information.tensors.map { tensor in
      (
        "tensor",
        "\(Escaping.text(tensor.name))   "
          + tensor.shape.map(String.init).joined(separator: " x ") + "   "
          + tensor.elementType.rawValue
      )
    }
    return Columns.text(lines)
  }

  private var functionText: String {
    var parts = [
      "normalisation \(variants.normalisation)", "\(variants.coordinates.rawValue) coordinates",
      "padding \(variants.padding.rawValue)", "base \(variants.residual.rawValue)",
    ]
    if variants.finalReLU { parts.append("last ReLU") }
    if let standard = variants.condition.defaultBlur {
      parts.append("asks for --psf (default \(NumberText.text(standard)))")
    }
    if case .deconvolution(let lambda, _) = variants.condition {
      parts.append("divides the blur out (lambda \(NumberText.text(lambda)))")
    }
    return parts.joined(separator: ", ")
  }

  // MARK: - For programs

  var json: JSON {
    .object([
      ("schema", .string("arssr.model/1")), ("name", .string(model.name)),
      ("path", .string(information.path)), ("sha256", .string(information.facts.sha256)),
      ("fileBytes", .integer(information.fileBytes)),
      ("container", .string(information.container.rawValue)), ("kind", .string("arssr")),
      ("encoder", .string(model.network.encoder.kind.rawValue.lowercased())),
      ("encoderWidth", .integer(information.encoderWidth)),
      ("featureDim", .integer(information.featureChannels)),
      (
        "decoder",
        .object([
          ("depth", .integer(information.decoderDepth)),
          ("width", .integer(information.decoderWidth)),
        ])
      ),
      ("parameters", .integer(information.facts.parameterCount)),
      ("halo", .integer(information.halo)), ("scales", ScalesText.json(model.card.scales)),
      ("variants", variantsJSON), ("cost", costJSON), ("card", cardJSON),
      (
        "tensors",
        .array(
          information.tensors.map { tensor in
            .object([
              ("name", .string(tensor.name)),
              ("shape", .array(tensor.shape.map(JSON.integer))),
              ("type", .string(tensor.elementType.rawValue)),
            ])
          })
      ),
    ])
  }

  private var variantsJSON: JSON {
    let condition: JSON =
      switch variants.condition {
      case .none: .null
      case .psf(let standard):
        .object([("name", .string("psf")), ("default", .number(standard))])
      case .deconvolution(let lambda, let standard):
        .object([
          ("name", .string("deconvolution")), ("default", .number(standard)),
          ("lambda", .number(lambda)), ("version", .integer(Deconvolution.version)),
        ])
      }
    return .object([
      ("finalReLU", .boolean(variants.finalReLU)),
      ("residual", .string(variants.residual.rawValue)),
      ("padding", .string(variants.padding.rawValue)),
      ("coordinates", .string(variants.coordinates.rawValue)), ("condition", condition),
    ])
  }

  private var costJSON: JSON {
    let cost = information.cost
    return .object([
      ("scale", .number(Self.scale)),
      ("operationsPerVoxel", .number(cost.operationsPerOutputVoxel(scale: Self.scale))),
      ("bytesPerVoxel", .number(cost.featureBytesPerOutputVoxel(scale: Self.scale))),
      ("encoderOperations", .integer(cost.encoderOperations)),
      ("decoderOperations", .integer(cost.decoderOperations)),
    ])
  }

  private var cardJSON: JSON {
    let card = model.card
    return .object([
      ("title", .optional(card.title)), ("status", .optional(card.status)),
      ("contrast", .strings(card.contrasts)), ("licence", .optional(card.licence)),
      ("normalisation", .string(variants.normalisation)),
      ("degradation", .optional(card.degradation)), ("training", .optional(card.training)),
      ("provenance", .optional(card.provenance)), ("citation", .optional(card.citation)),
    ])
  }
}

/// The scales that a model was made for.
enum ScalesText {
  static func text(_ scales: Scales) -> String {
    switch scales {
    case .any: "any"
    case .isotropic(let values): values.map(NumberText.text).joined(separator: ", ")
    case .perAxis(let values): values.map(NumberText.text).joined(separator: " x ")
    case .range(let low, let high): "\(NumberText.text(low)) to \(NumberText.text(high))"
    }
  }

  static func json(_ scales: Scales) -> JSON {
    let (values, isPerAxis): ([Double], Bool) =
      switch scales {
      case .any: ([], true)
      case .isotropic(let values): (values, false)
      case .perAxis(let values): (values, true)
      case .range(let low, let high): ([low, high], true)
      }
    let isRange = if case .range = scales { true } else { false }
    return .object([
      ("min", values.min().map(JSON.number) ?? .number(1)),
      ("max", values.max().map(JSON.number) ?? .null),
      (
        "fractional",
        .boolean(isRange || values.isEmpty || values.contains { $0 != $0.rounded() })
      ),
      ("anisotropic", .boolean(isPerAxis)),
    ])
  }
}
