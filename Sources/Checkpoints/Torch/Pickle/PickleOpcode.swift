/// The opcodes that the machine runs.
enum PickleOpcode: UInt8 {
  case mark = 0x28
  case emptyTuple = 0x29
  case stop = 0x2E
  case float = 0x47
  case signed32 = 0x4A
  case unsigned8 = 0x4B
  case unsigned16 = 0x4D
  case none = 0x4E
  case persistentID = 0x51
  case reduce = 0x52
  case bytes = 0x54
  case shortBytes = 0x55
  case string = 0x58
  case emptyList = 0x5D
  case append = 0x61
  case build = 0x62
  case global = 0x63
  case appends = 0x65
  case get = 0x68
  case longGet = 0x6A
  case put = 0x71
  case longPut = 0x72
  case setItem = 0x73
  case tuple = 0x74
  case setItems = 0x75
  case emptyDictionary = 0x7D
  case protocolVersion = 0x80
  case newObject = 0x81
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case `true` = 0x88
  case `false` = 0x89
  case long = 0x8A
  case shortString = 0x8C
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95

  /// The name in CPython's documentation, for messages.
  var name: String { Self.names[rawValue] ?? "0x" + String(rawValue, radix: 16) }

  /// Why a byte that is not in the list ends the machine.
  static func refusal(of code: UInt8, offset: Int) -> CheckpointFault {
    let name = names[code] ?? "0x" + String(code, radix: 16)
    return unsafe.contains(code) ? .unsafe(.opcode(name)) : .pickle(.opcode(name, offset: offset))
  }

  /// INST, OBJ, NEWOBJ_EX and the registered extensions make objects of any class.
  private static let unsafe: Set<UInt8> = [0x69, 0x6F, 0x92, 0x82, 0x83, 0x84]

  private static let names: [UInt8: String] = [
    0x28: "MARK", 0x29: "EMPTY_TUPLE", 0x2E: "STOP", 0x30: "POP", 0x31: "POP_MARK", 0x32: "DUP",
    0x42: "BINBYTES", 0x43: "SHORT_BINBYTES", 0x46: "FLOAT", 0x47: "BINFLOAT", 0x49: "INT",
    0x4A: "BININT", 0x4B: "BININT1", 0x4C: "LONG", 0x4D: "BININT2", 0x4E: "NONE", 0x50: "PERSID",
    0x51: "BINPERSID", 0x52: "REDUCE", 0x53: "STRING", 0x54: "BINSTRING", 0x55: "SHORT_BINSTRING",
    0x56: "UNICODE", 0x58: "BINUNICODE", 0x5D: "EMPTY_LIST", 0x61: "APPEND", 0x62: "BUILD",
    0x63: "GLOBAL", 0x64: "DICT", 0x65: "APPENDS", 0x67: "GET", 0x68: "BINGET", 0x69: "INST",
    0x6A: "LONG_BINGET", 0x6C: "LIST", 0x6F: "OBJ", 0x70: "PUT", 0x71: "BINPUT",
    0x72: "LONG_BINPUT", 0x73: "SETITEM", 0x74: "TUPLE", 0x75: "SETITEMS", 0x7D: "EMPTY_DICT",
    0x80: "PROTO", 0x81: "NEWOBJ", 0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4", 0x85: "TUPLE1",
    0x86: "TUPLE2", 0x87: "TUPLE3", 0x88: "NEWTRUE", 0x89: "NEWFALSE", 0x8A: "LONG1",
    0x8B: "LONG4", 0x8C: "SHORT_BINUNICODE", 0x8D: "BINUNICODE8", 0x8E: "BINBYTES8",
    0x8F: "EMPTY_SET", 0x90: "ADDITEMS", 0x91: "FROZENSET", 0x92: "NEWOBJ_EX",
    0x93: "STACK_GLOBAL", 0x94: "MEMOIZE", 0x95: "FRAME", 0x96: "BYTEARRAY8",
    0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER",
  ]
}
