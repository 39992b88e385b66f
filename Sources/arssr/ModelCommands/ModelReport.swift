import Checkpoints
import Files
import Networks
import Volumes

/// What `models info` tells of a model: `arssr.model/1`.
struct ModelReport {
  private let model: DescribedModel
  private let information: ModelInformation
  /// Whether the text names every tensor; the JSON always does.
  private let listsTensors: Bool
  /// What only networks of its kind have.
  private let form: any ModelForm

  init(_ model: DescribedModel, listsTensors: Bool = false) {
    self.model = model
    self.listsTensors = listsTensors
    information = ModelInformation(model.checkpoint, model.network)
    switch model.network {
    case .arssr(let network): form = ArSSRForm(network)
    case .related(let network): form = RelatedForm(network)
    case .filters(let filters): form = FilterForm(filters)
    }
  }

  // MARK: - For the eye

  var text: String {
    let card = model.card
    let facts = information.facts
    var lines: [(String, String)] = []
    let title = card.title.map { "   \(Escaping.text($0))" } ?? ""
    lines.append(("model", Escaping.text(card.name) + title))
    let container = "\(information.container.rawValue), \(ByteSize.text(information.fileBytes))"
    lines.append(("file", "\(Escaping.path(information.path))   \(container)"))
    lines.append(("sha256", facts.sha256))
    lines.append(("kind", "\(facts.architecture), \(form.sizes)"))
    lines.append(
      ("parameters", "\(facts.parameterCount) in \(information.tensors.count) tensors"))
    lines.append(("function", form.function))
    lines.append(("scales", ScalesText.text(card.scales)))
    lines.append(("receptive field", "\(counted(form.reach, "voxel")) to each side"))
    lines.append(("at scale 2", form.costs))
    let described: [(String, String?)] = [
      ("status", card.status),
      ("contrast", card.contrasts.isEmpty ? nil : card.contrasts.joined(separator: ", ")),
      ("licence", card.licence), ("degradation", card.degradation ?? form.degradation),
      ("training", card.training), ("provenance", card.provenance), ("citation", card.citation),
      ("uncertainty", model.checkpoint.metadata[MetadataKey.uncertainty.rawValue]),
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

  // MARK: - For programs

  var json: JSON {
    .object(
      [
        ("schema", .string("arssr.model/1")), ("name", .string(model.name)),
        ("path", .string(information.path)), ("sha256", .string(information.facts.sha256)),
        ("fileBytes", .integer(information.fileBytes)),
        ("container", .string(information.container.rawValue)),
      ] + form.members + [
        ("parameters", .integer(information.facts.parameterCount)),
        ("halo", .integer(form.reach)), ("scales", ScalesText.json(model.card.scales)),
        ("variants", form.variants), ("cost", form.cost), ("card", cardJSON),
        ("tensors", .array(information.tensors.map(Self.json))),
      ])
  }

  private static func json(_ tensor: ModelInformation.TensorShape) -> JSON {
    .object([
      ("name", .string(tensor.name)), ("shape", .array(tensor.shape.map(JSON.integer))),
      ("type", .string(tensor.elementType.rawValue)),
    ])
  }

  private var cardJSON: JSON {
    let card = model.card
    return .object([
      ("title", .optional(card.title)), ("status", .optional(card.status)),
      ("contrast", .strings(card.contrasts)), ("licence", .optional(card.licence)),
      ("normalisation", .string(form.normalisation)),
      ("degradation", .optional(card.degradation ?? form.degradation)),
      ("training", .optional(card.training)), ("provenance", .optional(card.provenance)),
      ("citation", .optional(card.citation)),
      ("uncertainty", .optional(model.checkpoint.metadata[MetadataKey.uncertainty.rawValue])),
    ])
  }
}

/// What a model report tells of the networks of one kind.
protocol ModelForm {
  /// Widths and depths, in words.
  var sizes: String { get }
  /// What is computed, in words.
  var function: String { get }
  /// Work per voxel at scale 2, in words.
  var costs: String { get }
  /// Input voxels to each side that can change a result.
  var reach: Int { get }
  /// How intensities are brought to its range.
  var normalisation: String { get }
  /// The degradation it was trained on where its card does not say.
  var degradation: String? { get }
  /// Kind and sizes.
  var members: [(key: String, value: JSON)] { get }
  /// Departures from the published function.
  var variants: JSON { get }
  /// Work per voxel.
  var cost: JSON { get }
}
