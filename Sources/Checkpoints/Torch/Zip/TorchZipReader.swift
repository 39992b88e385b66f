/// Reads the zip container that `torch.save` has written since version 1.6.
///
/// `ROOT/data.pkl` is the pickled object; its tensors lie in `ROOT/data/KEY`. ROOT is arbitrary.
/// The CRC-32 of every entry used is compared, which torch 2.13 itself does not do.
struct TorchZipReader {
  private let directory: ZipDirectory
  /// Folder of all entries, with its slash.
  private let root: String
  private let pickle: ZipEntry

  /// Reads the object and finds its tensors in the file.
  static func read(_ directory: ZipDirectory) throws(CheckpointFault) -> CheckpointContent {
    try TorchZipReader(directory).readObject()
  }

  private init(_ directory: ZipDirectory) throws(CheckpointFault) {
    // Compression would let a small file ask for much memory.
    if let entry = directory.entries.first(where: \.isDeflated) {
      throw .zip(.compressed(entry.name, method: 8))
    }
    let names = directory.entries.map(\.name)
    if names.contains(where: {
      $0.firstRange(of: "/code/") != nil || $0.hasSuffix("/constants.pkl")
    }) {
      throw .torchScript
    }
    let pickles = directory.entries.filter { $0.name.hasSuffix("/data.pkl") }
    guard let pickle = pickles.first else { throw .zip(.noPickle) }
    guard pickles.count == 1 else { throw .zip(.severalPickles(pickles.count)) }
    let root = String(pickle.name.dropLast("data.pkl".count))
    if let stray = names.first(where: { !$0.hasPrefix(root) }) {
      throw .zip(.outsideRoot(stray, root: root))
    }
    self.directory = directory
    self.root = root
    self.pickle = pickle
  }

  private func readObject() throws(CheckpointFault) -> CheckpointContent {
    if let entry = directory[root + "byteorder"] {
      let order = String(decoding: try contents(of: entry), as: UTF8.self)
      guard order == "little" else { throw .zip(.byteOrder(order)) }
    }
    let bytes = try contents(of: pickle)
    var machine = PickleMachine(bytes, persistentIDs: .storages(fields: 5))
    let object = try machine.run()
    guard machine.position == bytes.count else {
      throw .pickle(.trailing(bytes: bytes.count - machine.position))
    }
    let stateDict = try StateDict(object, in: machine.heap)
    var offsets: [Int: Int] = [:]
    for storage in stateDict.storages {
      offsets[storage] = try offset(of: machine.heap.storages[storage])
    }
    return try CheckpointContent(
      container: .torchZip, stateDict, machine.heap, fileBytes: directory.fileBytes,
      storageOffsets: offsets)
  }

  private func contents(of entry: ZipEntry) throws(CheckpointFault) -> UnsafeRawBufferPointer {
    do {
      return try directory.checkedContents(of: entry)
    } catch {
      throw .zip(error)
    }
  }

  /// Where a storage lies in the file, after checking its size and checksum.
  private func offset(of storage: PickledStorage) throws(CheckpointFault) -> Int {
    guard let entry = directory["\(root)data/\(storage.key)"] else {
      throw .pickle(.storageMissing(storage.key))
    }
    guard storage.byteCount == entry.contents.count else {
      throw .tensor(
        storage.key, .storageSize(elements: storage.count, bytes: entry.contents.count))
    }
    _ = try contents(of: entry)
    return entry.contents.lowerBound
  }
}
