/// Which persistent ids a pickle may hold.
enum PersistentIDs: Equatable {
  /// None: the small pickles around the object of a legacy file.
  case refused
  /// Storages, described by a tuple of this many fields.
  case storages(fields: Int)
}

/// Runs a pickle as data: a stack machine that builds tuples, lists, dictionaries, numbers,
/// strings and descriptions of tensors, and nothing else.
///
/// No symbol is ever resolved and nothing is called; REDUCE on one of a handful of names builds
/// the value that torch would. Every read is checked against the end, every collection, depth and
/// count against ``PickleLimits``. The opcodes are those that `torch.save` uses with protocols 2
/// to 4; any other ends the machine. Opcodes: CPython, `Lib/pickletools.py`.
struct PickleMachine {
  let bytes: UnsafeRawBufferPointer
  let persistentIDs: PersistentIDs
  /// Offset of the next opcode.
  var position: Int
  var stack: [PickleValue] = []
  /// Heights of the stack where MARK was set.
  var marks: [Int] = []
  /// A dictionary and not an array: slot numbers come from the file.
  var memo: [UInt32: PickleValue] = [:]
  var heap = PickleHeap()
  private let start: Int

  /// Prepares to run the pickle that starts at an offset.
  init(_ bytes: UnsafeRawBufferPointer, from start: Int = 0, persistentIDs: PersistentIDs) {
    self.bytes = bytes
    self.start = start
    self.persistentIDs = persistentIDs
    position = start
  }

  /// Runs to STOP.
  ///
  /// - Returns: The one value left on the stack; collections are in ``heap``. ``position`` is then
  ///   behind STOP.
  /// - Throws: ``CheckpointFault/pickle(_:)``, ``CheckpointFault/unsafe(_:)`` and the cases for
  ///   modules and unsupported tensors.
  mutating func run() throws(CheckpointFault) -> PickleValue {
    try readProtocol()
    while true {
      let offset = position
      guard offset - start <= PickleLimits.bytes else {
        throw .pickle(.tooLarge(bytes: bytes.count - start))
      }
      let code = try take(UInt8.self)
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw PickleOpcode.refusal(of: code, offset: offset)
      }
      if opcode == .stop { return try finish() }
      try execute(opcode)
      guard stack.count <= PickleLimits.stack else {
        throw .pickle(.limit("values on the stack", PickleLimits.stack))
      }
    }
  }

  private mutating func readProtocol() throws(CheckpointFault) {
    guard try take(UInt8.self) == PickleOpcode.protocolVersion.rawValue else {
      throw .pickle(.noProtocol)
    }
    let version = try take(UInt8.self)
    guard (2...4).contains(version) else { throw .pickle(.protocolVersion(Int(version))) }
  }

  private mutating func finish() throws(CheckpointFault) -> PickleValue {
    guard stack.count == 1, marks.isEmpty else { throw .pickle(.unfinished(values: stack.count)) }
    return stack[0]
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(CheckpointFault) {
    switch opcode {
    case .protocolVersion, .stop: throw .pickle(.noProtocol)
    case .none: stack.append(.none)
    case .true: stack.append(.bool(true))
    case .false: stack.append(.bool(false))
    case .unsigned8: stack.append(.integer(Int(try take(UInt8.self))))
    case .unsigned16: stack.append(.integer(Int(try take(UInt16.self))))
    case .signed32: stack.append(.integer(Int(try take(Int32.self))))
    case .long: stack.append(.integer(try takeLong()))
    case .float: stack.append(.float(try takeFloat()))
    case .shortString: try pushString(length: Int(try take(UInt8.self)), isLatin1: false)
    case .string: try pushString(length: Int(try take(UInt32.self)), isLatin1: false)
    case .shortBytes: try pushString(length: Int(try take(UInt8.self)), isLatin1: true)
    case .bytes: try pushString(length: Int(try take(UInt32.self)), isLatin1: true)
    case .frame: try checkFrame()
    case .emptyTuple: try push(.tuple, [])
    case .tuple1: try push(.tuple, try pop(1, opcode))
    case .tuple2: try push(.tuple, try pop(2, opcode))
    case .tuple3: try push(.tuple, try pop(3, opcode))
    case .tuple: try push(.tuple, try popToMark(opcode))
    case .emptyList: try push(.list, [])
    case .emptyDictionary: try push(.dictionary, [])
    case .mark: try setMark()
    case .append: try extendList(with: try pop(1, opcode), opcode)
    case .appends: try extendList(with: try popToMark(opcode), opcode)
    case .setItem: try setItems(try pop(2, opcode), opcode)
    case .setItems: try setItems(try popToMark(opcode), opcode)
    case .put: try remember(UInt32(try take(UInt8.self)))
    case .longPut: try remember(try take(UInt32.self))
    case .memoize: try remember(UInt32(clamping: memo.count))
    case .get: try recall(UInt32(try take(UInt8.self)))
    case .longGet: try recall(try take(UInt32.self))
    case .global: try pushGlobal()
    case .stackGlobal: try pushStackGlobal()
    case .reduce: try reduce()
    case .newObject: try makeObject()
    case .build: try build()
    case .persistentID: try resolvePersistentID()
    }
  }
}
