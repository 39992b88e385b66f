/// A value on the stack of the pickle machine; everything larger is an index into the heap.
///
/// Collections live in a ``PickleHeap`` and refer to each other by index. So nothing is ever
/// destroyed or walked recursively, whatever the depth, and cycles are harmless.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case float(Double)
  case string(Int)
  /// A name from the allowlist; never resolved to anything.
  case symbol(PickleSymbol)
  case collection(Int)
  case storage(Int)
  case tensor(Int)
  /// Something harmless that nobody looks at: its arguments were dropped.
  case opaque
}

/// The key of a dictionary in a pickle.
enum PickleKey: Hashable {
  case string(String)
  case integer(Int)
}

/// A tuple, list or dictionary.
struct PickleCollection {
  enum Kind {
    case tuple
    case list
    case dictionary
    case orderedDictionary
  }

  let kind: Kind
  /// Elements, or the values of a dictionary.
  var elements: [PickleValue] = []
  /// Keys of a dictionary, one per element.
  var keys: [PickleKey] = []
  /// The same keys, to find duplicates.
  var keySet: Set<PickleKey> = []
  /// 1 more than the deepest element when it was put in.
  var depth = 1

  var isDictionary: Bool { kind == .dictionary || kind == .orderedDictionary }
}

/// A storage as a persistent id describes it.
struct PickledStorage: Equatable {
  let key: String
  let elementType: ElementType
  /// Number of elements.
  let count: Int

  /// Size in the file, or nil if it exceeds 64 bits.
  var byteCount: Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: elementType.byteCount)
    return overflow ? nil : bytes
  }
}

/// Part of a storage: the whole of it, or the view of a legacy file.
struct StorageReference {
  /// Index into ``PickleHeap/storages``.
  let storage: Int
  /// First element.
  var offset = 0
  /// Elements that may be used from there.
  let count: Int
}

/// A tensor as a pickle describes it; nothing is checked yet.
struct PickledTensor {
  let reference: StorageReference
  let offset: Int
  /// Empty if there are more than ``mostAxes``; so are the strides.
  let sizes: [Int]
  let strides: [Int]
  /// How many of both the pickle gives.
  let ranks: (sizes: Int, strides: Int)
}

/// All collections, strings, storages and tensors of one pickle.
struct PickleHeap {
  var collections: [PickleCollection] = []
  var strings: [String] = []
  var storages: [PickledStorage] = []
  var references: [StorageReference] = []
  var tensors: [PickledTensor] = []
  private var storageIndices: [String: Int] = [:]
  /// Elements of all collections together.
  private(set) var elementCount = 0

  /// The kind of value in words, for messages.
  func kind(of value: PickleValue) -> String {
    switch value {
    case .none: "None"
    case .bool: "a truth value"
    case .integer, .float: "a number"
    case .string: "a string"
    case .symbol, .opaque: "an object"
    case .storage: "a storage"
    case .tensor: "a tensor"
    case .collection(let index):
      switch collections[index].kind {
      case .tuple: "a tuple"
      case .list: "a list"
      case .dictionary, .orderedDictionary: "a dictionary"
      }
    }
  }

  /// The elements of a tuple, or nil for anything else.
  func tuple(_ value: PickleValue) -> [PickleValue]? {
    guard case .collection(let index) = value, collections[index].kind == .tuple else {
      return nil
    }
    return collections[index].elements
  }

  /// The sizes or strides in a tuple of whole numbers, or nil for anything else.
  ///
  /// Of a tuple longer than ``PickledTensor/mostAxes`` only the length: every tensor may name the
  /// same one, and a copy for each would take memory without bound.
  func axes(_ value: PickleValue) -> (count: Int, numbers: [Int])? {
    guard let elements = tuple(value) else { return nil }
    guard elements.count <= PickledTensor.mostAxes else { return (elements.count, []) }
    let integers = elements.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    guard integers.count == elements.count else { return nil }
    return (integers.count, integers)
  }

  /// The dictionary that a value refers to, or nil for anything else.
  func dictionary(_ value: PickleValue) -> PickleCollection? {
    guard case .collection(let index) = value, collections[index].isDictionary else { return nil }
    return collections[index]
  }
}

// MARK: - Building

extension PickleHeap {
  mutating func make(
    _ kind: PickleCollection.Kind, _ elements: [PickleValue] = []
  ) throws(CheckpointFault) -> PickleValue {
    guard collections.count < PickleLimits.collections else {
      throw .pickle(.limit("collections", PickleLimits.collections))
    }
    collections.append(PickleCollection(kind: kind))
    try append(elements, to: collections.count - 1)
    return .collection(collections.count - 1)
  }

  /// Appends elements to a tuple under construction or a list.
  mutating func append(
    _ elements: [PickleValue], to index: Int
  ) throws(CheckpointFault) {
    try account(for: elements, in: index)
    collections[index].elements.append(contentsOf: elements)
  }

  /// Sets keys of a dictionary; keys and values alternate.
  mutating func set(_ items: [PickleValue], in index: Int) throws(CheckpointFault) {
    guard items.count.isMultiple(of: 2) else { throw .pickle(.oddItems) }
    try account(for: items, in: index)
    for position in stride(from: 0, to: items.count, by: 2) {
      let key = try key(items[position])
      guard collections[index].keySet.insert(key).inserted else {
        throw .duplicateName(key.text)
      }
      collections[index].keys.append(key)
      collections[index].elements.append(items[position + 1])
    }
  }

  private func key(_ value: PickleValue) throws(CheckpointFault) -> PickleKey {
    switch value {
    case .string(let index): .string(strings[index])
    case .integer(let number): .integer(number)
    default: throw .pickle(.key(found: kind(of: value)))
    }
  }

  /// Counts new elements and keeps the depth of the collection that takes them.
  private mutating func account(
    for elements: [PickleValue], in index: Int
  ) throws(CheckpointFault) {
    elementCount += elements.count
    guard elementCount <= PickleLimits.elements else {
      throw .pickle(.limit("elements", PickleLimits.elements))
    }
    for case .collection(let inner) in elements {
      if inner == index { throw .pickle(.selfReference) }
      collections[index].depth = max(collections[index].depth, collections[inner].depth + 1)
    }
    guard collections[index].depth <= PickleLimits.depth else {
      throw .pickle(.limit("levels of nesting", PickleLimits.depth))
    }
  }

  mutating func makeString(_ text: String) throws(CheckpointFault) -> PickleValue {
    guard strings.count < PickleLimits.strings else {
      throw .pickle(.limit("strings", PickleLimits.strings))
    }
    strings.append(text)
    return .string(strings.count - 1)
  }

  /// The index of a storage; the same key must always come with the same type and size.
  mutating func intern(_ storage: PickledStorage) throws(CheckpointFault) -> Int {
    if let index = storageIndices[storage.key] {
      guard storages[index] == storage else { throw .pickle(.storageDiffers(storage.key)) }
      return index
    }
    guard storages.count < PickleLimits.tensors else {
      throw .pickle(.limit("storages", PickleLimits.tensors))
    }
    storages.append(storage)
    storageIndices[storage.key] = storages.count - 1
    return storages.count - 1
  }

  mutating func make(_ reference: StorageReference) throws(CheckpointFault) -> PickleValue {
    guard references.count < 2 * PickleLimits.tensors else {
      throw .pickle(.limit("storages", 2 * PickleLimits.tensors))
    }
    references.append(reference)
    return .storage(references.count - 1)
  }

  mutating func make(_ tensor: PickledTensor) throws(CheckpointFault) -> PickleValue {
    guard tensors.count < PickleLimits.tensors else {
      throw .pickle(.limit("tensors", PickleLimits.tensors))
    }
    tensors.append(tensor)
    return .tensor(tensors.count - 1)
  }
}

extension PickleKey {
  /// The key as text, for messages.
  var text: String {
    switch self {
    case .string(let text): text
    case .integer(let number): String(number)
    }
  }
}
