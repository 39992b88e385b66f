/// REDUCE: the few calls of a checkpoint, replaced by the values they would give.
extension PickleMachine {
  mutating func reduce() throws(CheckpointFault) {
    let values = try pop(2, .reduce)
    guard case .symbol(let symbol) = values[0] else {
      throw .pickle(.call(PickleOpcode.reduce.name, found: heap.kind(of: values[0])))
    }
    guard let arguments = heap.tuple(values[1]) else {
      throw .pickle(.arguments("REDUCE"))
    }
    stack.append(try value(of: symbol, arguments))
  }

  private mutating func value(
    of symbol: PickleSymbol, _ arguments: [PickleValue]
  ) throws(CheckpointFault) -> PickleValue {
    switch symbol {
    case .inert: .opaque
    case .orderedDictionary: try orderedDictionary(arguments)
    case .rebuildTensor: try tensor(arguments, "_rebuild_tensor", counts: 4...4)
    case .rebuildTensorV2: try tensor(arguments, "_rebuild_tensor_v2", counts: 6...7)
    case .rebuildParameter: try parameter(arguments, "_rebuild_parameter", count: 3)
    case .rebuildParameterWithState:
      try parameter(arguments, "_rebuild_parameter_with_state", count: 4)
    case .rebuildFromType: try typedTensor(arguments)
    case .storage, .tensorType:
      throw .pickle(.call(PickleOpcode.reduce.name, found: "a type"))
    }
  }

  /// OrderedDict(), or OrderedDict([[key, value], ...]) as Python 2 wrote it.
  private mutating func orderedDictionary(
    _ arguments: [PickleValue]
  ) throws(CheckpointFault) -> PickleValue {
    let result = try heap.make(.orderedDictionary)
    guard let first = arguments.first else { return result }
    guard arguments.count == 1, case .collection(let list) = first,
      heap.collections[list].kind == .list, case .collection(let index) = result
    else { throw .pickle(.arguments("OrderedDict")) }
    var items: [PickleValue] = []
    for pair in heap.collections[list].elements {
      guard case .collection(let inner) = pair, !heap.collections[inner].isDictionary,
        heap.collections[inner].elements.count == 2
      else { throw .pickle(.arguments("OrderedDict")) }
      items += heap.collections[inner].elements
    }
    try heap.set(items, in: index)
    return result
  }

  /// (storage, offset, sizes, strides[, requires_grad, hooks[, metadata]]); hooks and metadata must
  /// be empty, so that nothing that torch would attach is lost silently.
  private mutating func tensor(
    _ arguments: [PickleValue], _ name: String, counts: ClosedRange<Int>
  ) throws(CheckpointFault) -> PickleValue {
    guard counts.contains(arguments.count), case .storage(let reference) = arguments[0],
      case .integer(let offset) = arguments[1], let sizes = heap.axes(arguments[2]),
      let strides = heap.axes(arguments[3]),
      arguments.dropFirst(5).allSatisfy(isEmptyOrNone)
    else { throw .pickle(.arguments(name)) }
    return try heap.make(
      PickledTensor(
        reference: heap.references[reference], offset: offset, sizes: sizes.numbers,
        strides: strides.numbers, ranks: (sizes.count, strides.count)))
  }

  private func isEmptyOrNone(_ value: PickleValue) -> Bool {
    if case .none = value { return true }
    return heap.dictionary(value)?.elements.isEmpty ?? false
  }

  /// (tensor, requires_grad, hooks[, state]): the tensor; a state of plain values is dropped.
  private func parameter(
    _ arguments: [PickleValue], _ name: String, count: Int
  ) throws(CheckpointFault) -> PickleValue {
    guard arguments.count == count, case .tensor = arguments[0] else {
      throw .pickle(.arguments(name))
    }
    return arguments[0]
  }

  /// (function, torch.Tensor, arguments, state): what a buffer of a module is saved as.
  private mutating func typedTensor(
    _ arguments: [PickleValue]
  ) throws(CheckpointFault) -> PickleValue {
    guard arguments.count == 4, case .symbol(let function) = arguments[0],
      function == .rebuildTensorV2 || function == .rebuildTensor,
      case .symbol(.tensorType) = arguments[1], let inner = heap.tuple(arguments[2])
    else { throw .pickle(.arguments("_rebuild_from_type_v2")) }
    return try value(of: function, inner)
  }
}
