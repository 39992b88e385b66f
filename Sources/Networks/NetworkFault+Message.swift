import Checkpoints
import Files

extension NetworkFault {
  /// The identifier of the cause, from the list of all codes.
  public var code: String {
    switch self {
    case .formatVersion: "model.version"
    case .metadataValue, .metadataComputed, .metadataSize: "config.value"
    case .metadataKey: "config.unknown"
    case .tensors(let difference) where difference.isOnlyTypes: "model.dtype"
    case .notRecognised, .tensors, .tooManyLayers, .decoderTooShallow, .sizes,
      .unknownArchitecture, .otherArchitecture, .encoderDiffers, .architectureDiffers, .kernels,
      .noCube, .negativeVariance, .metadataMissing, .fallingBorders:
      "model.mismatch"
    }
  }

  /// What is wrong, on one line, with text from the file escaped and shortened.
  public var message: String {
    switch self {
    case .notRecognised(_, 0): "holds no tensor of any known architecture"
    case .notRecognised(let examples, let count):
      "no known architecture: the first layer of ArSSR's encoders, SRReCNN3D, SRCNN3D, DCSRN, "
        + "ResCNN and 3D-ESPCN is missing; "
        + "\(counted(count, "tensor")) unknown, such as "
        + examples.map { quoted($0, limit: 40) }.joined(separator: ", ")
    case .tensors(let difference): difference.message
    case .tooManyLayers(let limit):
      "tensor names claim more than \(limit) layers, which no known architecture has"
    case .decoderTooShallow(let depth):
      "decoder stages have \(counted(depth, "layer")), at least 2 are needed"
    case .sizes: "architecture with a size of 0 or beyond 1000000 channels"
    case .unknownArchitecture(let name):
      "architecture \(quoted(name, limit: 40)) (arssr.arch) is unknown"
    case .otherArchitecture(let name):
      "architecture \(quoted(name, limit: 40)) (arssr.arch) is not one that is taken here"
    case .architectureDiffers(let stated, let found):
      "arssr.arch says \(quoted(stated, limit: 24)), the tensors are those of \(found)"
    case .kernels(let sides, let needed, let architecture):
      "layers of architecture \(architecture) have kernels of "
        + (needed.map(Self.list) ?? "one size") + ", here \(Self.list(Array(sides.prefix(6))))"
    case .noCube(let outputs):
      "conv3 makes \(outputs) channels, which are no r x r x r voxels of a result"
    case .negativeVariance(let name): "\(shortened(name)) has a variance below 0"
    case .encoderDiffers(let stated, let found):
      "arssr.encoder says \(quoted(stated, limit: 24)), the tensors are those of architecture \(found)"
    case .formatVersion(let text):
      if let version = Int(text), version > MetadataKey.formatVersion {
        "arssr.format is \(version), newer than this program, which reads "
          + "\(MetadataKey.formatVersion)"
      } else {
        "arssr.format is \(quoted(text, limit: 24)), must be a version number"
      }
    case .metadataMissing(let key): "has no metadata \(key), which this architecture needs"
    case .fallingBorders(let name): "the values of tensor \(quoted(name)) fall"
    case .metadataValue(let key, let value, let wanted):
      "\(shortened(key)) is \(quoted(value, limit: 40)), must be \(wanted)"
    case .metadataComputed(let key): "\(shortened(key)) is computed and cannot be set"
    case .metadataSize(let key, let bytes, let limit):
      "metadata \(shortened(key)) has \(bytes) bytes, at most \(limit) are written"
    case .metadataKey(let key, nil): "unknown metadata key \(quoted(key))"
    case .metadataKey(let key, let nearest?):
      "unknown metadata key \(quoted(key)); did you mean \(nearest)?"
    }
  }

  private static func list(_ sides: [Int]) -> String {
    sides.map(String.init).joined(separator: ", ")
  }
}

extension TableDifference {
  /// Whether nothing but element types is wrong.
  var isOnlyTypes: Bool {
    !wrongTypes.isEmpty && missing.isEmpty && surplus.isEmpty && wrongShapes.isEmpty
  }

  /// The most telling tensor first, then the counts.
  var message: String {
    firstFact + "; " + counts.joined(separator: ", ")
  }

  private var firstFact: String {
    if let wrong = wrongShapes.first { return fact(wrong) }
    if let name = missing.first {
      return "tensor \(quoted(name)) is missing for architecture \(architecture)"
    }
    if let name = wrongTypes.first {
      return "tensor \(quoted(name)) of architecture \(architecture) is stored as integers"
    }
    return "tensor \(quoted(surplus.first ?? "")) is unknown to architecture \(architecture)"
  }

  private func fact(_ wrong: WrongShape) -> String {
    let sizes = "\(shortened(wrong.name)) is \(spelled(wrong.found))"
    guard wrong.name == "decoder.stage_one.0.weight", wrong.found.count == 2 else {
      return "\(sizes), \(spelled(wrong.needed)) is needed for architecture \(architecture)"
    }
    let features =
      "\(sizes); this encoder makes \(featureChannels) features, so "
      + "\(spelled(wrong.needed)) is needed for architecture \(architecture)"
    if wrong.found[1] == featureChannels + 4, extraInputs == 3 {
      return features + " (a model with a condition needs arssr.condition=psf or deconvolution)"
    }
    return features
  }

  private var counts: [String] {
    var counts: [String] = []
    if !wrongShapes.isEmpty {
      counts.append("\(counted(wrongShapes.count, "tensor")) of the wrong shape")
    }
    counts.append("\(counted(missing.count, "tensor")) missing\(examples(of: missing))")
    counts.append("\(surplus.count) unknown\(examples(of: surplus))")
    if !wrongTypes.isEmpty { counts.append("\(wrongTypes.count) of integer type") }
    return counts
  }

  /// Up to three names; the first of the missing ones stands in front of the message already.
  private func examples(of names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    return " (" + names.prefix(3).map { quoted($0, limit: 36) }.joined(separator: ", ")
      + (names.count > 3 ? ", ..." : "") + ")"
  }
}
