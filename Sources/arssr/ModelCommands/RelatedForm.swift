import Networks

/// What is told of a network of one of the systems that ArSSR is compared with.
struct RelatedForm: ModelForm {
  private let network: RelatedNetwork

  init(_ network: RelatedNetwork) {
    self.network = network
  }

  var reach: Int { network.reach }
  var normalisation: String { network.normalisation }
  var degradation: String? { network.degradation }

  /// Channels between the layers.
  private var width: Int { network.convolutions.dropLast().map(\.outputs).max() ?? 1 }

  private var kernels: String {
    let kernels = network.convolutions.map(\.kernel)
    if Set(kernels).count == 1 { return "\(kernels[0])" }
    return kernels.map(String.init).joined(separator: "-")
  }

  var sizes: String {
    "\(network.convolutions.count) layers, width \(width), kernel \(kernels)"
  }

  var function: String {
    var parts = ["normalisation \(network.normalisation)"]
    if let factor = network.fixedFactor {
      parts.append("works on the low-resolution grid, pixel shuffle by \(factor)")
    } else {
      parts.append("works on the cubic spline of the input, corners aligned")
    }
    if network.isResidual { parts.append("added to that") }
    if network.images == 2 { parts.append("asks for a second image of another contrast (--guide)") }
    parts.append("kernels along \(network.kernelAxes.rawValue)")
    return parts.joined(separator: ", ")
  }

  private var operationsPerVoxel: Double {
    let factor = Double(network.fixedFactor ?? 1)
    return Double(network.operationsPerVoxel) / (factor * factor * factor)
  }

  var costs: String {
    "\(NumberText.short(operationsPerVoxel)) multiply-adds per voxel of the result"
      + (network.fixedFactor.map { $0 == 2 ? "" : " (at scale \($0), its only one)" } ?? "")
  }

  var members: [(key: String, value: JSON)] {
    [
      ("kind", .string(network.architecture.rawValue)),
      ("layers", .integer(network.convolutions.count)), ("width", .integer(width)),
      ("kernels", .array(network.convolutions.map { JSON.integer($0.kernel) })),
      ("images", .integer(network.images)),
    ]
  }

  var variants: JSON {
    .object([
      ("residual", .boolean(network.isResidual)),
      ("axes", .string(network.kernelAxes.rawValue)),
      ("factor", network.fixedFactor.map(JSON.integer) ?? .null),
    ])
  }

  var cost: JSON { .object([("operationsPerVoxel", .number(operationsPerVoxel))]) }
}
