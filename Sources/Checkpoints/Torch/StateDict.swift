/// The weights among the objects of a torch file.
///
/// A dictionary that holds tensors is a state dict. Otherwise the state dict is the first of the
/// usual keys of training checkpoints whose value is a dictionary with tensors. Other values are
/// ignored.
struct StateDict {
  /// Names and tensors in the order of the file; prefixes `module.` that all share are gone.
  let tensors: [(name: String, tensor: PickledTensor)]
  /// The key under which the state dict was found.
  let key: String?
  /// What the user should know, in words.
  var remarks: [String] = []

  private static let keys = [
    "state_dict", "model_state_dict", "model", "net", "params_ema", "params", "generator",
  ]
  /// What data-parallel training puts in front of every name.
  private static let prefix = "module."

  init(_ object: PickleValue, in heap: PickleHeap) throws(CheckpointFault) {
    guard let dictionary = heap.dictionary(object) else { throw Self.refusal(of: object, heap) }
    var found = Self.tensors(of: dictionary, heap)
    var key: String?
    if found.isEmpty {
      let candidates = Self.candidates(in: dictionary, heap)
      guard let first = candidates.first else { throw .noTensors }
      (key, found) = first
      if let second = candidates.dropFirst().first {
        remarks.append(
          "weights are taken from \(quoted(first.key)); \(quoted(second.key)) holds tensors too")
      }
    }
    // Dropped at once: a name may repeat the prefix 100,000 times.
    let shared = found.map { Self.prefixCount(of: $0.name) }.min() ?? 0
    if shared > 0 {
      let length = shared * Self.prefix.utf8.count
      found = found.map {
        (String(decoding: $0.name.utf8.dropFirst(length), as: UTF8.self), $0.tensor)
      }
    }
    self.key = key
    tensors = found
  }

  /// Storages that the tensors use, by index, each once, in ascending order.
  var storages: [Int] { Set(tensors.map(\.tensor.reference.storage)).sorted() }

  /// How many prefixes stand one behind the other at the start of a name.
  private static func prefixCount(of name: String) -> Int {
    var rest = name.utf8[...]
    var count = 0
    while rest.starts(with: prefix.utf8) {
      rest = rest.dropFirst(prefix.utf8.count)
      count += 1
    }
    return count
  }

  private static func tensors(
    of dictionary: PickleCollection, _ heap: PickleHeap
  ) -> [(name: String, tensor: PickledTensor)] {
    zip(dictionary.keys, dictionary.elements).compactMap { key, value in
      guard case .string(let name) = key, case .tensor(let index) = value else { return nil }
      return (name, heap.tensors[index])
    }
  }

  private static func candidates(
    in dictionary: PickleCollection, _ heap: PickleHeap
  ) -> [(key: String, tensors: [(name: String, tensor: PickledTensor)])] {
    keys.compactMap { key in
      guard let place = dictionary.keys.firstIndex(of: .string(key)),
        let inner = heap.dictionary(dictionary.elements[place])
      else { return nil }
      let tensors = tensors(of: inner, heap)
      return tensors.isEmpty ? nil : (key, tensors)
    }
  }

  private static func refusal(of object: PickleValue, _ heap: PickleHeap) -> CheckpointFault {
    switch object {
    case .tensor: return .noNames(found: "a tensor")
    case .collection(let index) where heap.collections[index].kind == .list:
      return .noNames(found: "a list")
    default: return .notADictionary(found: heap.kind(of: object))
    }
  }
}
