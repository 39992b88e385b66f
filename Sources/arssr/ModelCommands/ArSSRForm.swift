import Networks
import Volumes

/// What is told of a network of the ArSSR family.
struct ArSSRForm: ModelForm {
  /// The scale for which costs per voxel are told.
  private static let scale = 2.0

  private let network: ArSSRNetwork
  private let modelCost: ModelCost

  init(_ network: ArSSRNetwork) {
    self.network = network
    modelCost = ModelCost(network)
  }

  var reach: Int { network.halo }
  var normalisation: String { network.variants.normalisation }
  var degradation: String? { nil }

  /// Layers of both stages together, as published ("depth 8" is 2 x 4).
  private var decoderDepth: Int { 2 * network.decoder.depth }

  var sizes: String {
    "\(network.featureChannels) features, encoder width \(network.encoder.width), "
      + "decoder \(decoderDepth) x \(network.decoder.width)"
  }

  var function: String {
    let variants = network.variants
    var parts = [
      "normalisation \(variants.normalisation)", "\(variants.coordinates.rawValue) coordinates",
      "padding \(variants.padding.rawValue)", "base \(variants.residual.rawValue)",
    ]
    if variants.margin > 0 { parts.append("margin \(variants.margin)") }
    if variants.finalReLU { parts.append("last ReLU") }
    if let standard = variants.condition.defaultBlur {
      parts.append("asks for --psf (default \(NumberText.text(standard)))")
    }
    if case .deconvolution(let lambda, _) = variants.condition {
      parts.append("divides the blur out (lambda \(NumberText.text(lambda)))")
    }
    if let blend = variants.blend {
      func text(_ knots: [Double]) -> String {
        knots.map { NumberText.text($0) }.joined(separator: ", ")
      }
      parts.append(
        "weights blended of \(blend.setCount) sets for voxels of \(text(blend.spacings)) mm and "
          + "blurs of \(text(blend.blurs))")
    }
    return parts.joined(separator: ", ")
  }

  var costs: String {
    let operations = NumberText.short(modelCost.operationsPerOutputVoxel(scale: Self.scale))
    let bytes = NumberText.short(modelCost.featureBytesPerOutputVoxel(scale: Self.scale))
    return "\(operations) multiply-adds and \(bytes) bytes of features per voxel of the result"
  }

  var members: [(key: String, value: JSON)] {
    [
      ("kind", .string("arssr")),
      ("encoder", .string(network.encoder.kind.rawValue.lowercased())),
      ("encoderWidth", .integer(network.encoder.width)),
      ("featureDim", .integer(network.featureChannels)),
      (
        "decoder",
        .object([
          ("depth", .integer(decoderDepth)), ("width", .integer(network.decoder.width)),
        ])
      ),
    ]
  }

  var variants: JSON {
    let variants = network.variants
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
      ("margin", .integer(variants.margin)),
      ("coordinates", .string(variants.coordinates.rawValue)), ("condition", condition),
      ("blend", variants.blend.map(Self.blend) ?? .null),
    ])
  }

  private static func blend(_ rule: WeightBlend) -> JSON {
    .object([
      ("spacings", .array(rule.spacings.map(JSON.number))),
      ("blurs", .array(rule.blurs.map(JSON.number))), ("sets", .integer(rule.setCount)),
    ])
  }

  var cost: JSON {
    .object([
      ("scale", .number(Self.scale)),
      ("operationsPerVoxel", .number(modelCost.operationsPerOutputVoxel(scale: Self.scale))),
      ("bytesPerVoxel", .number(modelCost.featureBytesPerOutputVoxel(scale: Self.scale))),
      ("encoderOperations", .integer(modelCost.encoderOperations)),
      ("decoderOperations", .integer(modelCost.decoderOperations)),
    ])
  }
}
