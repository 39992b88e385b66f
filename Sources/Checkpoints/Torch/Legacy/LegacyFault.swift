import Files

/// What is wrong with the container of torch before 1.6: five pickles in a row, then raw storages.
public enum LegacyFault: Sendable, Equatable {
  case magicNumber
  case protocolVersion(found: String)
  case bigEndian
  case systemInformation
  case pickle(PickleFault)
  case storageKeys
  case storageCount(key: String, found: Int64, expected: Int)
  case truncated(key: String)
  case trailing(bytes: Int)
  case view(key: String)
}

extension LegacyFault {
  var message: String {
    switch self {
    case .magicNumber: "checkpoint has a wrong magic number for the format of torch before 1.6"
    case .protocolVersion(let found): "legacy torch protocol version is \(found), must be 1001"
    case .bigEndian: "was written on a big-endian machine; only little-endian files are read"
    case .systemInformation: "legacy torch file says nothing about its byte order (little_endian)"
    case .pickle(let fault): "legacy torch file: \(fault.message)"
    case .storageKeys: "list of storage keys does not name every storage exactly once"
    case .storageCount(let key, let found, let expected):
      "storage \(quoted(key)) has \(found) elements, must have \(expected)"
    case .truncated(let key): "truncated: storage \(quoted(key)) ends beyond the file"
    case .trailing(let bytes): "\(counted(bytes, "trailing byte")) after the last storage"
    case .view(let key): "a view of storage \(quoted(key)) lies outside it"
    }
  }
}
