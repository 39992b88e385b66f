/// A symbol that a pickle may name.
///
/// It is data here: nothing is imported, looked up or called.
enum PickleSymbol: Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildTensorV2
  case rebuildParameter
  case rebuildParameterWithState
  case rebuildFromType
  case tensorType
  /// `torch.FloatStorage` and the like; only a field of a persistent id.
  case storage(ElementType)
  /// A companion of the weights in training checkpoints; whatever it builds is opaque.
  case inert
}

// MARK: - Allowlist

extension PickleSymbol {
  /// Finds `module` and `name` as exact texts.
  ///
  /// - Throws: ``CheckpointFault/unsafe(_:)`` for anything outside the list.
  static func find(module: String, name: String) throws(CheckpointFault) -> PickleSymbol {
    if let symbol = allowed["\(module) \(name)"] { return symbol }
    let dotted = "\(module).\(name)"
    if isUnsupportedTensor(module: module, name: name) { throw .unsupportedTensors(dotted) }
    throw .unsafe(.symbol(dotted))
  }

  private static let allowed: [String: PickleSymbol] = {
    var allowed: [String: PickleSymbol] = [
      "collections OrderedDict": .orderedDictionary,
      "torch._utils _rebuild_tensor": .rebuildTensor,
      "torch._utils _rebuild_tensor_v2": .rebuildTensorV2,
      "torch._utils _rebuild_parameter": .rebuildParameter,
      "torch._utils _rebuild_parameter_with_state": .rebuildParameterWithState,
      "torch._tensor _rebuild_from_type_v2": .rebuildFromType,
      "torch Tensor": .tensorType,
    ]
    for (name, elementType) in storages {
      allowed["torch \(name)"] = .storage(elementType)
      allowed["torch.cuda \(name)"] = .storage(elementType)
    }
    for name in companions { allowed[name] = .inert }
    for module in ["__builtin__", "builtins"] {
      for name in ["set", "int", "long", "float", "list", "dict"] {
        allowed["\(module) \(name)"] = .inert
      }
    }
    for name in elementTypeNames { allowed["torch \(name)"] = .inert }
    return allowed
  }()

  private static let storages: [String: ElementType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
  ]

  private static let companions = [
    "torch Size", "torch device", "numpy dtype", "numpy.core.multiarray scalar",
    "numpy._core.multiarray scalar", "_codecs encode", "argparse Namespace",
    "collections defaultdict",
  ]

  private static let elementTypeNames = [
    "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8",
    "bool", "complex64", "complex128",
  ]

  /// Tensors that are harmless but hold no weights here: complex, quantised, sparse, newer types.
  private static func isUnsupportedTensor(module: String, name: String) -> Bool {
    switch module {
    case "torch", "torch.cuda", "torch.storage":
      name.hasSuffix("Storage") && name.allSatisfy { $0.isLetter || $0.isNumber }
    case "torch._utils":
      name.hasPrefix("_rebuild_") && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    default: false
    }
  }
}
