import Files
import KernelInterface
import Networks

/// The file of a state: for the program that wrote it alone, on a machine of the same byte order.
///
///     8 bytes "arssrLF1", SHA-256 (hexadecimal) of what decides about the result
///     whole numbers of 64 bits: has borders, strength borders, coherence borders, buckets, solved
///       buckets, taps, first and end of the buckets at work, then per bucket at work its volumes, and
///       per bucket its samples
///     float64: borders; float32: filters; float64: sums
///     SHA-256 (hexadecimal) of all before
extension FilterLearningState {
  private static let magic = Array("arssrLF1".utf8)
  private static let digestBytes = 64
  /// Bytes written at once.
  private static let pieceBytes = 8 << 20

  /// Writes the state so that it appears complete or not at all.
  ///
  /// - Parameters:
  ///   - path: Where; replaced if it exists.
  ///   - key: SHA-256 of settings, volumes and instruction set.
  /// - Throws: ``FilterLearningError/file(_:)``.
  public func write(to path: String, key: String) throws(FilterLearningError) {
    do throws(FileError) {
      let file = try AtomicOutputFile(path: path, force: true)
      var digest = SHA256Digest()
      func put(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
          let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceBytes))
          digest.update(piece)
          try file.write(piece)
          rest = rest.dropFirst(Self.pieceBytes)
        }
      }
      func put<Element: BitwiseCopyable>(_ values: [Element]) throws(FileError) {
        try values.withUnsafeBufferPointer { buffer throws(FileError) in
          try put(UnsafeRawBufferPointer(buffer))
        }
      }
      try put(Self.magic + Array(key.utf8))
      let (strength, coherence) = (
        hashing?.strengthBorders ?? [], hashing?.coherenceBorders ?? []
      )
      let work = equations?.buckets ?? solvedBuckets..<solvedBuckets
      try put(
        [
          hashing == nil ? 0 : 1, strength.count, coherence.count, counts.count, solvedBuckets,
          equations?.tapCount ?? (solvedBuckets == 0 ? 0 : filters.count / solvedBuckets),
          work.lowerBound, work.upperBound,
        ] + volumes + counts)
      try put(strength + coherence)
      try put(filters)
      if let equations {
        try put(UnsafeRawBufferPointer(UnsafeBufferPointer(equations.elements)))
      }
      try file.write(Array(digest.hexadecimal.utf8))
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  /// Reads a state.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - key: What its own must be.
  ///   - settings: Those of the learning, of the same key.
  ///   - kernels: For the sums.
  /// - Throws: ``FilterLearningError`` if it is another learning's, or not whole.
  public init(
    path: String, key: String, settings: FilterLearningSettings, kernels: FilterKernels
  ) throws(FilterLearningError) {
    let file: InputFile
    do throws(FileError) {
      file = try InputFile(path: path)
    } catch {
      throw .file(error)
    }
    var reader = StateReader(file)
    guard try reader.bytes(Self.magic.count) == Self.magic else { throw .stateDamaged(path: path) }
    guard try reader.bytes(Self.digestBytes) == Array(key.utf8) else {
      throw .otherState(path: path)
    }
    let bins = settings.bins
    let head: [Int] = try reader.values(8)
    let (hasBorders, solved) = (head[0] == 1, head[4])
    guard head[3] == bins.count, (0...bins.count).contains(solved),
      head[6] == solved, head[7] >= solved, head[7] <= bins.count,
      head[1] == (hasBorders ? bins.strength - 1 : 0),
      head[2] == (hasBorders ? bins.coherence - 1 : 0)
    else { throw .stateDamaged(path: path) }
    self.init(bucketCount: bins.count)
    volumes = try reader.values(head[7] - head[6])
    counts = try reader.values(bins.count)
    let borders: [Double] = try reader.values(head[1] + head[2])
    if hasBorders {
      hashing = GradientFilters.Hashing(
        window: settings.window, bins: bins, features: settings.features,
        strengthBorders: Array(borders.prefix(head[1])),
        coherenceBorders: Array(borders.dropFirst(head[1])))
    }
    solvedBuckets = solved
    filters = try reader.values(solved * settings.tapCount)
    if head[7] > head[6] {
      let equations = try NormalEquations(
        buckets: head[6]..<head[7], patch: settings.patch, precision: settings.precision,
        kernels: kernels)
      try reader.fill(UnsafeMutableRawBufferPointer(equations.elements))
      self.equations = equations
    }
    let digest = reader.digest.hexadecimal
    guard try reader.bytes(Self.digestBytes) == Array(digest.utf8), reader.isAtEnd else {
      throw .stateDamaged(path: path)
    }
  }
}

/// Reads a state file from front to back.
private struct StateReader {
  private let file: InputFile
  private var place = 0
  private(set) var digest = SHA256Digest()

  init(_ file: InputFile) { self.file = file }

  var isAtEnd: Bool { place == file.size }

  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FilterLearningError) {
    let count: Int
    do throws(FileError) {
      count = try file.read(at: place, into: buffer)
    } catch {
      throw .file(error)
    }
    guard count == buffer.count else { throw .stateDamaged(path: file.path) }
    place += buffer.count
    digest.update(UnsafeRawBufferPointer(buffer))
  }

  mutating func bytes(_ count: Int) throws(FilterLearningError) -> [UInt8] {
    try values(count)
  }

  mutating func values<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ count: Int
  ) throws(FilterLearningError) -> [Element] {
    // The file must hold them before memory is taken.
    guard count >= 0, count <= (file.size - place) / MemoryLayout<Element>.stride else {
      throw .stateDamaged(path: file.path)
    }
    var values = [Element](repeating: 0, count: count)
    let result = values.withUnsafeMutableBytes { buffer in
      Result { () throws(FilterLearningError) in try fill(buffer) }
    }
    try result.get()
    return values
  }
}
