/// What is wrong with a zip container.
public enum ZipFault: Error, Sendable, Equatable {
  case noEndRecord
  case zip64
  case tooManyEntries(Int)
  case directoryOutside
  case directoryEntry(index: Int)
  case entryName(String)
  case duplicateEntry(String)
  case compressed(String, method: Int)
  case encrypted(String)
  case localHeader(String)
  case entryOutside(String)
  case overlap(String, String)
  case checksum(String, computed: UInt32, stored: UInt32)
  /// The deflate stream is damaged or has another length than the directory says.
  case deflate(String)
  /// An entry claims more bytes than can be in it or than are inflated.
  case inflatedSize(String, bytes: Int)
  case byteOrder(String)
  case noPickle
  case severalPickles(Int)
  case outsideRoot(String, root: String)
}

extension ZipFault {
  var message: String {
    switch self {
    case .noEndRecord: "zip is truncated: its end record is missing"
    case .zip64: "zip has a damaged zip64 end record"
    case .tooManyEntries(let count):
      "zip has \(count) entries, at most \(ZipDirectory.mostEntries) are read"
    case .directoryOutside: "zip directory lies outside the file"
    case .directoryEntry(let index): "zip directory is damaged at entry \(index)"
    case .entryName(let name): "zip entry name \(quoted(name)) is not allowed"
    case .duplicateEntry(let name): "zip has the entry \(quoted(name)) twice (duplicate)"
    case .compressed(let name, let method):
      "zip entry \(quoted(name)) is compressed (method \(method)), which is not read there; torch stores entries as they are"
    case .encrypted(let name): "zip entry \(quoted(name)) is encrypted"
    case .localHeader(let name):
      "zip entry \(quoted(name)) differs between the directory and its local header"
    case .entryOutside(let name): "zip is truncated: entry \(quoted(name)) ends beyond the file"
    case .overlap(let first, let second):
      "zip entries \(quoted(first)) and \(quoted(second)) overlap"
    case .checksum(let name, let computed, let stored):
      "zip entry \(quoted(name)): checksum differs (CRC-32 \(hexadecimal(computed)), "
        + "expected \(hexadecimal(stored)))"
    case .deflate(let name): "zip entry \(quoted(name)): its compressed bytes are damaged"
    case .inflatedSize(let name, let bytes):
      "zip entry \(quoted(name)) would inflate to \(bytes) bytes, more than is allowed"
    case .byteOrder(let order): "byte order is \(quoted(order, limit: 16)), must be little-endian"
    case .noPickle: "zip holds no data.pkl, so torch.save did not write it"
    case .severalPickles(let count): "zip holds \(count) entries named data.pkl, must be one"
    case .outsideRoot(let name, let root):
      "zip entry \(quoted(name)) lies outside the folder \(quoted(root))"
    }
  }
}

private func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}
