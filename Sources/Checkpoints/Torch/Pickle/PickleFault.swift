import Files

/// What is wrong with a pickle, apart from requests that are refused as unsafe.
public enum PickleFault: Sendable, Equatable {
  case truncated(offset: Int)
  case tooLarge(bytes: Int)
  case noProtocol
  case protocolVersion(Int)
  case opcode(String, offset: Int)
  case trailing(bytes: Int)
  case stackUnderflow(opcode: String)
  case noMark(opcode: String)
  case unfinished(values: Int)
  case limit(String, Int)
  case oddItems
  case target(opcode: String, found: String)
  case key(found: String)
  case selfReference
  case memo(slot: UInt32)
  case memoSlot(UInt32)
  case memoOfNothing
  case string(bytes: Int)
  case text
  case integer(bytes: Int)
  case frame
  case call(String, found: String)
  case arguments(String)
  case persistentID
  case persistentIDOutside
  case storageKey(String)
  case storageMissing(String)
  case storageDiffers(String)
}

extension PickleFault {
  var message: String {
    switch self {
    case .truncated(let offset): "pickle is truncated at byte \(offset)"
    case .tooLarge(let bytes): "pickle of \(bytes) bytes, at most \(PickleLimits.bytes) are read"
    case .noProtocol: "pickle of protocol 0 or 1 is not allowed; torch.save writes protocol 2"
    case .protocolVersion(let version): "pickle protocol \(version) is not read (2, 3 or 4)"
    case .opcode(let name, let offset): "pickle opcode \(name) at byte \(offset) is not supported"
    case .trailing(let bytes): "\(counted(bytes, "trailing byte")) after the end of the pickle"
    case .stackUnderflow(let opcode): "pickle opcode \(opcode) finds too few values"
    case .noMark(let opcode): "pickle opcode \(opcode) finds no mark"
    case .unfinished(let values): "pickle stops with \(values) values, must be one"
    case .limit(let what, let limit): "pickle exceeds the limit of \(limit) \(what)"
    case .oddItems: "pickle sets a key without a value"
    case .target(let opcode, let found): "pickle opcode \(opcode) works on \(found)"
    case .key(let found): "pickle uses \(found) as a dictionary key"
    case .selfReference: "pickle puts a dictionary into itself; this is no state_dict"
    case .memo(let slot): "pickle reads the memo slot \(slot), which is not set"
    case .memoSlot(let slot): "pickle memo slot \(slot) is beyond the limit of \(PickleLimits.memo)"
    case .memoOfNothing: "pickle puts nothing into the memo"
    case .string(let bytes):
      "pickle string of \(bytes) bytes, at most \(PickleLimits.string) are read"
    case .text: "pickle string is not UTF-8"
    case .integer(let bytes): "pickle integer of \(bytes) bytes, at most 8 are read"
    case .frame: "pickle frame ends beyond the pickle"
    case .call(let opcode, let found): "pickle opcode \(opcode) calls \(found)"
    case .arguments(let name): "pickle gives \(name) arguments of the wrong kind"
    case .persistentID: "pickle holds a persistent id that describes no storage"
    case .persistentIDOutside: "pickle holds a persistent id where none may be"
    case .storageKey(let key):
      "pickle names a storage by the key \(quoted(key)), which is not allowed"
    case .storageMissing(let key): "storage \(quoted(key)) is not in the file"
    case .storageDiffers(let key): "storage \(quoted(key)) is used with two types or sizes"
    }
  }
}
