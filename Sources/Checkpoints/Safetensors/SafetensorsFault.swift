import Files

/// Which rule of the safetensors format a file violates, in the order of the checks.
public enum SafetensorsFault: Error, Sendable, Equatable {
  case headerTooSmall(bytes: Int)
  case headerTooLarge(length: UInt64)
  case headerBeyondFile(length: Int, available: Int)
  case headerStart
  case header(JSONFault)
  case metadata(key: String?)
  case notATensor(name: String)
  case fieldMissing(tensor: String, field: String)
  case fieldUnknown(tensor: String, field: String)
  case elementTypeUnknown(tensor: String, name: String)
  case elementTypeUnsupported(tensor: String, name: String)
  case shape(tensor: String)
  case rank(tensor: String, rank: Int)
  case shapeOverflow(tensor: String)
  case offsets(tensor: String)
  case offsetsReversed(tensor: String, begin: UInt64, end: UInt64)
  case size(tensor: String, shape: Int, offsets: UInt64)
  case hole(before: String, expected: UInt64, begin: UInt64)
  case overlap(tensor: String, expected: UInt64, begin: UInt64)
  case truncated(needed: UInt64, available: Int)
  case trailing(bytes: Int)
  case tooManyTensors(count: Int)
  case nameTooLong(bytes: Int)
}

extension SafetensorsFault {
  var message: String {
    switch self {
    case .headerTooSmall(let bytes):
      "truncated: \(bytes) bytes, the length of a safetensors header takes 8"
    case .headerTooLarge(let length):
      "safetensors header of \(length) bytes, at most \(SafetensorsHeader.longestHeader) are allowed"
    case .headerBeyondFile(let length, let available):
      "truncated: safetensors header of \(length) bytes, the file has \(available) left"
    case .headerStart: "safetensors header is no JSON object: it must start with '{'"
    case .header(let fault): "safetensors header: \(fault.message)"
    case .metadata(nil): "__metadata__ must be an object of strings"
    case .metadata(let key?): "__metadata__ key \(quoted(key)) must hold a string"
    case .notATensor(let name): "tensor \(quoted(name)) must be described by an object"
    case .fieldMissing(let tensor, let field): "tensor \(quoted(tensor)) has no field \(field)"
    case .fieldUnknown(let tensor, let field):
      "tensor \(quoted(tensor)) has the unknown field \(quoted(field))"
    case .elementTypeUnknown(let tensor, let name):
      "tensor \(quoted(tensor)) has the unknown dtype \(quoted(name, limit: 24))"
    case .elementTypeUnsupported(let tensor, let name):
      "tensor \(quoted(tensor)) has the unsupported dtype \(name); weights are F32, F16, BF16, F64"
    case .shape(let tensor):
      "shape of tensor \(quoted(tensor)) must be an array of whole numbers, 0 or more"
    case .rank(let tensor, let rank):
      "shape of tensor \(quoted(tensor)) has \(rank) dimensions, at most 8 are read"
    case .shapeOverflow(let tensor): "shape of tensor \(quoted(tensor)) overflows 64 bits"
    case .offsets(let tensor):
      "data_offsets of tensor \(quoted(tensor)) must be two integers in the range of 64 bits"
    case .offsetsReversed(let tensor, let begin, let end):
      "data_offsets of tensor \(quoted(tensor)) end at \(end) before they begin at \(begin)"
    case .size(let tensor, let shape, let offsets):
      "shape of tensor \(quoted(tensor)) takes \(shape) bytes, its data_offsets give \(offsets)"
    case .hole(let name, let expected, let begin):
      "hole before tensor \(quoted(name)): offset \(begin), must be \(expected)"
    case .overlap(let tensor, let expected, let begin):
      "tensor \(quoted(tensor)) overlaps another: offset \(begin), must be \(expected)"
    case .truncated(let needed, let available):
      "truncated: tensors end at offset \(needed), the file has \(available) bytes for them"
    case .trailing(let bytes): "\(counted(bytes, "trailing byte")) after the last tensor"
    case .tooManyTensors(let count):
      "\(count) tensors, at most \(SafetensorsHeader.mostTensors) are read"
    case .nameTooLong(let bytes):
      "tensor name of \(bytes) bytes, at most \(SafetensorsHeader.longestName) are allowed"
    }
  }
}
