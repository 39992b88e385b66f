/// Reads what `torch.save` wrote before version 1.6, and still writes on request.
///
/// Five pickles in a row: magic number, protocol version, a dictionary about the machine, the
/// object, the list of storage keys. Then, in the order of that list, an element count (i64) and
/// the elements of each storage, up to the end of the file.
struct LegacyReader {
  /// A pickle of the magic number 0x1950a86a20f9469cfc6c, byte for byte.
  private static let magicPickle: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  /// What tells such a file from other pickles: an integer of ten bytes first.
  static let firstBytes = Array(magicPickle.prefix(4))

  private let file: UnsafeRawBufferPointer
  private var position = 0

  /// Reads the object and finds its tensors in the file.
  static func read(_ file: UnsafeRawBufferPointer) throws(CheckpointFault) -> CheckpointContent {
    var reader = LegacyReader(file: file)
    do {
      return try reader.read()
    } catch .pickle(let fault) {
      // Keys and storages mean the same in both containers; the rest is the layout of this one.
      throw .legacy(.pickle(fault))
    }
  }

  private init(file: UnsafeRawBufferPointer) {
    self.file = file
  }

  private mutating func read() throws(CheckpointFault) -> CheckpointContent {
    guard file.starts(with: Self.magicPickle) else { throw .legacy(.magicNumber) }
    position = Self.magicPickle.count
    try checkProtocolVersion()
    try checkByteOrder()
    let (object, heap) = try readPickle(.storages(fields: 6))
    let stateDict = try StateDict(object, in: heap)
    let offsets = try locateStorages(heap, order: try readStorageKeys())
    return try CheckpointContent(
      container: .torchLegacy, stateDict, heap, fileBytes: file.count, storageOffsets: offsets)
  }

  private mutating func readPickle(
    _ persistentIDs: PersistentIDs
  ) throws(CheckpointFault) -> (PickleValue, PickleHeap) {
    var machine = PickleMachine(file, from: position, persistentIDs: persistentIDs)
    let value = try machine.run()
    position = machine.position
    return (value, machine.heap)
  }

  private mutating func checkProtocolVersion() throws(CheckpointFault) {
    let (value, heap) = try readPickle(.refused)
    guard case .integer(let version) = value else {
      throw .legacy(.protocolVersion(found: heap.kind(of: value)))
    }
    guard version == 1001 else { throw .legacy(.protocolVersion(found: "\(version)")) }
  }

  private mutating func checkByteOrder() throws(CheckpointFault) {
    let (value, heap) = try readPickle(.refused)
    guard let information = heap.dictionary(value),
      let place = information.keys.firstIndex(of: .string("little_endian")),
      case .bool(let isLittleEndian) = information.elements[place]
    else { throw .legacy(.systemInformation) }
    guard isLittleEndian else { throw .legacy(.bigEndian) }
  }

  private mutating func readStorageKeys() throws(CheckpointFault) -> [String] {
    let (value, heap) = try readPickle(.refused)
    guard case .collection(let index) = value, heap.collections[index].kind == .list else {
      throw .legacy(.storageKeys)
    }
    return try heap.collections[index].elements.map { element throws(CheckpointFault) in
      guard case .string(let key) = element else { throw .legacy(.storageKeys) }
      return heap.strings[key]
    }
  }

  /// Walks over the raw storages; every storage of the object must be there exactly once.
  private mutating func locateStorages(
    _ heap: PickleHeap, order: [String]
  ) throws(CheckpointFault) -> [Int: Int] {
    let indices = Dictionary(
      uniqueKeysWithValues: heap.storages.enumerated().map { ($1.key, $0) })
    guard order.count == indices.count, Set(order) == Set(indices.keys) else {
      throw .legacy(.storageKeys)
    }
    var offsets: [Int: Int] = [:]
    for key in order {
      guard let index = indices[key] else { throw .legacy(.storageKeys) }
      let storage = heap.storages[index]
      guard let count = file.integer(at: position, as: Int64.self) else {
        throw .legacy(.truncated(key: key))
      }
      position += 8
      guard count == Int64(storage.count) else {
        throw .legacy(.storageCount(key: key, found: count, expected: storage.count))
      }
      guard let bytes = storage.byteCount, file.slice(at: position, length: bytes) != nil else {
        throw .legacy(.truncated(key: key))
      }
      offsets[index] = position
      position += bytes
    }
    guard position == file.count else { throw .legacy(.trailing(bytes: file.count - position)) }
    return offsets
  }
}
