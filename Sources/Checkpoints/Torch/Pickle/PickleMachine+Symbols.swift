/// Symbols, the values built from them, and persistent ids.
extension PickleMachine {
  /// GLOBAL: two lines, module and name.
  mutating func pushGlobal() throws(CheckpointFault) {
    let module = try takeLine()
    let name = try takeLine()
    try pushSymbol(module: module, name: name)
  }

  /// STACK_GLOBAL: the same from two strings on the stack.
  mutating func pushStackGlobal() throws(CheckpointFault) {
    let values = try pop(2, .stackGlobal)
    guard case .string(let module) = values[0], case .string(let name) = values[1] else {
      throw .pickle(.target(opcode: PickleOpcode.stackGlobal.name, found: heap.kind(of: values[0])))
    }
    try pushSymbol(module: heap.strings[module], name: heap.strings[name])
  }

  private mutating func takeLine() throws(CheckpointFault) -> String {
    // No name of the list has 100 characters; what is longer is cut for the message.
    let rest = bytes[position...].prefix(PickleLimits.string)
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      throw .pickle(.truncated(offset: position))
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private mutating func pushSymbol(module: String, name: String) throws(CheckpointFault) {
    do {
      stack.append(.symbol(try PickleSymbol.find(module: module, name: name)))
    } catch {
      if case .unsafe = error, isModuleAhead { throw .wholeModule(className: "\(module).\(name)") }
      throw error
    }
  }

  /// Whether the unknown symbol just read is the class of a pickled module: an object of it is made
  /// without a call (NEWOBJ on an empty tuple), or it stands in a persistent id of kind "module".
  private var isModuleAhead: Bool {
    if case .string(let index)? = stack.last, heap.strings[index] == "module" { return true }
    var ahead = position
    skipPuts(&ahead)
    guard bytes.integer(at: ahead, as: UInt8.self) == PickleOpcode.emptyTuple.rawValue else {
      return false
    }
    ahead += 1
    skipPuts(&ahead)
    return bytes.integer(at: ahead, as: UInt8.self) == PickleOpcode.newObject.rawValue
  }

  private func skipPuts(_ offset: inout Int) {
    while let code = bytes.integer(at: offset, as: UInt8.self) {
      switch PickleOpcode(rawValue: code) {
      case .put: offset += 2
      case .longPut: offset += 5
      case .memoize: offset += 1
      default: return
      }
    }
  }

  /// NEWOBJ makes opaque companions only.
  mutating func makeObject() throws(CheckpointFault) {
    let values = try pop(2, .newObject)
    guard case .symbol(.inert) = values[0] else { throw .unsafe(.opcode("NEWOBJ")) }
    stack.append(.opaque)
  }

  /// BUILD: torch hangs `_metadata` (module versions) on a state dict; nothing else may be set.
  mutating func build() throws(CheckpointFault) {
    let state = try popOne(.build)
    switch try target(.build) {
    case .opaque: break
    case .collection(let index) where heap.collections[index].kind == .orderedDictionary:
      guard let dictionary = heap.dictionary(state) else {
        throw .unsafe(.state(heap.kind(of: state)))
      }
      if let key = dictionary.keys.first(where: { $0 != .string("_metadata") }) {
        throw .unsafe(.state(key.text))
      }
    case let other: throw .unsafe(.state(heap.kind(of: other)))
    }
  }

  /// BINPERSID: a tuple ("storage", type, key, location, element count[, view]).
  mutating func resolvePersistentID() throws(CheckpointFault) {
    let identifier = try popOne(.persistentID)
    guard case .storages(let fields) = persistentIDs else {
      throw .pickle(.persistentIDOutside)
    }
    guard let tuple = heap.tuple(identifier), tuple.count == fields,
      case .string(let kind) = tuple[0], heap.strings[kind] == "storage",
      case .symbol(.storage(let elementType)) = tuple[1], case .string(let keyIndex) = tuple[2],
      case .string = tuple[3], case .integer(let count) = tuple[4]
    else { throw .pickle(.persistentID) }
    let key = heap.strings[keyIndex]
    guard Self.isStorageKey(key) else { throw .pickle(.storageKey(key)) }
    guard count >= 0 else { throw .tensor(key, .negativeStorage(count)) }
    let storage = PickledStorage(key: key, elementType: elementType, count: count)
    var reference = StorageReference(storage: try heap.intern(storage), count: count)
    if fields == 6 { reference = try view(tuple[5], of: reference, key: key) }
    stack.append(try heap.make(reference))
  }

  /// The sixth field of a legacy file: None, or (key, offset, size) of a part of the storage.
  private func view(
    _ value: PickleValue, of whole: StorageReference, key: String
  ) throws(CheckpointFault) -> StorageReference {
    if case .none = value { return whole }
    guard let tuple = heap.tuple(value), tuple.count == 3, case .string = tuple[0],
      case .integer(let offset) = tuple[1], case .integer(let size) = tuple[2]
    else { throw .pickle(.persistentID) }
    guard offset >= 0, size >= 0, offset <= whole.count, size <= whole.count - offset else {
      throw .legacy(.view(key: key))
    }
    return StorageReference(storage: whole.storage, offset: offset, count: size)
  }

  /// Digits as torch writes them, and any other plain name; never a path.
  private static func isStorageKey(_ key: String) -> Bool {
    (1...64).contains(key.utf8.count)
      && key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
