/// One file in a zip archive.
struct ZipEntry {
  let name: String
  /// Whether it is compressed by deflate; stored as it is otherwise.
  let isDeflated: Bool
  /// Bytes of the file; more than those of `contents` where it is compressed.
  let size: Int
  /// Where its local header begins.
  let headerOffset: Int
  /// Where its contents lie.
  let contents: Range<Int>
  /// The CRC-32 that the directory gives.
  let checksum: UInt32
}

/// The checked directory of a zip archive, as `torch.save` and NumPy's `savez` write it.
///
/// Sizes and checksums come from the central directory: the local headers of torch files hold
/// zeros (data descriptor), those of NumPy refer to a zip64 field. Refused: compression other than
/// deflate, encryption, duplicate names, overlapping contents, and local headers that tell another
/// name or method. Format: PKWARE APPNOTE 6.3, sections 4.3.6 to 4.3.16.
struct ZipDirectory {
  static let mostEntries = 100_000
  /// End record (22 bytes) with the longest comment.
  private static let longestEnd = 22 + 0xFFFF

  /// Entries in the order of the directory.
  private(set) var entries: [ZipEntry] = []
  private var indices: [String: Int] = [:]
  let file: UnsafeRawBufferPointer

  init(_ file: UnsafeRawBufferPointer) throws(ZipFault) {
    self.file = file
    let location = try Self.locate(in: file)
    guard let directory = file.slice(at: location.offset, length: location.length) else {
      throw .directoryOutside
    }
    var position = 0
    for index in 0..<location.count {
      let (entry, length) = try Self.readEntry(directory, at: position, index: index, of: file)
      guard indices.updateValue(index, forKey: entry.name) == nil else {
        throw .duplicateEntry(entry.name)
      }
      entries.append(entry)
      position += length
    }
    try checkDisjoint()
  }

  /// Size of the whole archive.
  var fileBytes: Int { file.count }

  subscript(name: String) -> ZipEntry? { indices[name].map { entries[$0] } }

  /// The bytes of an entry that is stored, after comparing their CRC-32 with the directory's.
  func checkedContents(of entry: ZipEntry) throws(ZipFault) -> UnsafeRawBufferPointer {
    let contents = UnsafeRawBufferPointer(rebasing: file[entry.contents])
    let computed = CRC32.checksum(of: contents)
    guard computed == entry.checksum else {
      throw .checksum(entry.name, computed: computed, stored: entry.checksum)
    }
    return contents
  }

  private func checkDisjoint() throws(ZipFault) {
    let sorted = entries.sorted { $0.headerOffset < $1.headerOffset }
    for (entry, next) in zip(sorted, sorted.dropFirst())
    where entry.contents.upperBound > next.headerOffset {
      throw .overlap(entry.name, next.name)
    }
  }
}

// MARK: - End records

extension ZipDirectory {
  private struct Location {
    var count: Int
    var offset: Int
    var length: Int
  }

  private static func locate(in file: UnsafeRawBufferPointer) throws(ZipFault) -> Location {
    let end = try endRecord(in: file)
    var count = UInt64(file.integer(at: end + 10, as: UInt16.self) ?? 0)
    var length = UInt64(file.integer(at: end + 12, as: UInt32.self) ?? 0)
    var offset = UInt64(file.integer(at: end + 16, as: UInt32.self) ?? 0)
    // torch writes a zip64 record even into small files; it then counts.
    if file.integer(at: end - 20, as: UInt32.self) == 0x0706_4B50 {
      guard let place = file.integer(at: end - 12, as: UInt64.self),
        let record = Int(exactly: place),
        record <= end - 56,
        file.integer(at: record, as: UInt32.self) == 0x0606_4B50,
        let longCount = file.integer(at: record + 32, as: UInt64.self),
        let longLength = file.integer(at: record + 40, as: UInt64.self),
        let longOffset = file.integer(at: record + 48, as: UInt64.self)
      else { throw .zip64 }
      (count, length, offset) = (longCount, longLength, longOffset)
    }
    guard count <= UInt64(mostEntries) else {
      throw .tooManyEntries(Int(clamping: count))
    }
    let (directoryEnd, overflow) = offset.addingReportingOverflow(length)
    guard !overflow, directoryEnd <= UInt64(end) else { throw .directoryOutside }
    return Location(count: Int(count), offset: Int(offset), length: Int(length))
  }

  /// The last place where an end record stands whose comment reaches exactly to the end.
  private static func endRecord(in file: UnsafeRawBufferPointer) throws(ZipFault) -> Int {
    var position = file.count - 22
    while position >= max(0, file.count - longestEnd) {
      if file.integer(at: position, as: UInt32.self) == 0x0605_4B50,
        let comment = file.integer(at: position + 20, as: UInt16.self),
        position + 22 + Int(comment) == file.count
      {
        return position
      }
      position -= 1
    }
    throw .noEndRecord
  }
}

// MARK: - Entries

extension ZipDirectory {
  /// Reads an entry of the directory and compares it with its local header.
  ///
  /// - Returns: The entry and the length of its record in the directory.
  private static func readEntry(
    _ directory: UnsafeRawBufferPointer, at position: Int, index: Int,
    of file: UnsafeRawBufferPointer
  ) throws(ZipFault) -> (ZipEntry, length: Int) {
    guard directory.integer(at: position, as: UInt32.self) == 0x0201_4B50,
      let flags = directory.integer(at: position + 8, as: UInt16.self),
      let method = directory.integer(at: position + 10, as: UInt16.self),
      let checksum = directory.integer(at: position + 16, as: UInt32.self),
      let compressed = directory.integer(at: position + 20, as: UInt32.self),
      let size = directory.integer(at: position + 24, as: UInt32.self),
      let nameLength = directory.integer(at: position + 28, as: UInt16.self),
      let extraLength = directory.integer(at: position + 30, as: UInt16.self),
      let commentLength = directory.integer(at: position + 32, as: UInt16.self),
      let header = directory.integer(at: position + 42, as: UInt32.self),
      let nameBytes = directory.slice(at: position + 46, length: Int(nameLength))
    else { throw .directoryEntry(index: index) }
    let name = try entryName(nameBytes)
    guard flags & 1 == 0 else { throw .encrypted(name) }
    guard method == 0 || method == 8 else { throw .compressed(name, method: Int(method)) }
    let headerOffset = Int(header)
    guard method == 8 || compressed == size,
      let start = localContents(file, at: headerOffset, name: nameBytes, method: method)
    else { throw .localHeader(name) }
    guard file.slice(at: start, length: Int(compressed)) != nil else { throw .entryOutside(name) }
    let entry = ZipEntry(
      name: name, isDeflated: method == 8, size: Int(size), headerOffset: headerOffset,
      contents: start..<(start + Int(compressed)), checksum: checksum)
    return (entry, 46 + Int(nameLength) + Int(extraLength) + Int(commentLength))
  }

  /// Names are never used as paths; a name that looks like an escape is refused all the same.
  private static func entryName(_ bytes: UnsafeRawBufferPointer) throws(ZipFault) -> String {
    guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty,
      !name.hasPrefix("/"), !bytes.contains(0), !bytes.contains(UInt8(ascii: "\\")),
      name.firstRange(of: "..") == nil
    else { throw .entryName(String(decoding: bytes, as: UTF8.self)) }
    return name
  }

  /// Where the contents begin behind a local header that agrees with the directory; else nil.
  private static func localContents(
    _ file: UnsafeRawBufferPointer, at offset: Int, name: UnsafeRawBufferPointer, method: UInt16
  ) -> Int? {
    guard file.integer(at: offset, as: UInt32.self) == 0x0403_4B50,
      let flags = file.integer(at: offset + 6, as: UInt16.self), flags & 1 == 0,
      file.integer(at: offset + 8, as: UInt16.self) == method,
      let nameLength = file.integer(at: offset + 26, as: UInt16.self),
      let extraLength = file.integer(at: offset + 28, as: UInt16.self),
      let localName = file.slice(at: offset + 30, length: Int(nameLength)),
      localName.elementsEqual(name)
    else { return nil }
    return offset + 30 + Int(nameLength) + Int(extraLength)
  }
}
