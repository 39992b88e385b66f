import Files
import Workers

/// Reads a NIfTI volume or series: a single file, a pair, either gzip compressed, or standard input.
///
/// Opening checks everything that needs no voxels. Frames are then read one by one, in increasing
/// order, and ``finish()`` verifies what stands behind the last one:
///
///     let reader = try VolumeReader(path: "a.nii.gz")
///     let volume = try reader.readFrame(0, nonFinite: .refuse)
///     try reader.finish()
///
/// Memory is taken for one frame at a time, and only after the size of the file has shown that it
/// can hold so much.
public final class VolumeReader {
  /// The checked header.
  public let header: NIfTIHeader
  /// Warnings so far.
  public private(set) var notices: [Notice]
  /// Bytes of the file or both files, as stored.
  public let fileBytes: Int
  /// Whether the voxels are gzip compressed.
  public let isCompressed: Bool

  private let path: String
  private let stream: any ByteStream
  private let offset: Int
  private var warnedOfInexactIntegers = false

  /// What to do with voxels that are NaN, infinite, or beyond ``Volume/largestMagnitude``.
  public enum NonFinitePolicy: Sendable {
    /// An error that names their number and the first.
    case refuse
    /// They become 0, with a warning.
    case zero
    /// They stay, for whoever looks at the file as it is.
    case keep
  }

  /// Opens a volume.
  ///
  /// - Parameters:
  ///   - path: A file, or `-` for standard input, which is read whole.
  ///   - standardInputLimit: Most bytes that standard input may have.
  /// - Throws: ``VolumeError`` with everything that can be wrong without looking at voxels.
  public convenience init(path: String, standardInputLimit: Int = .max) throws(VolumeError) {
    self.init(try OpenedVolume.open(path: path, standardInputLimit: standardInputLimit))
  }

  /// Reads a single-file volume from any source of bytes.
  public convenience init(source: any ByteSource) throws(VolumeError) {
    self.init(try OpenedVolume.open(source) { () throws(VolumeError) in nil })
  }

  init(_ opened: OpenedVolume) {
    header = opened.header
    notices = opened.notices
    fileBytes = opened.fileBytes
    isCompressed = opened.isCompressed
    path = opened.voxelPath
    stream = opened.stream
    offset = opened.offset
  }

  /// Reads one frame.
  ///
  /// - Parameters:
  ///   - index: 0 for a volume; frames that were passed cannot be read again.
  ///   - nonFinite: What to do with voxels that cannot be used.
  /// - Returns: The frame with the header's grid.
  /// - Throws: ``VolumeError`` if the file ends early, is corrupt, or holds such voxels.
  public func readFrame(_ index: Int, nonFinite: NonFinitePolicy) throws(VolumeError) -> Volume {
    precondition((0..<header.frames).contains(index), "frame \(index) of \(header.frames)")
    return try OpenedVolume.naming(path) { () throws(VolumeError.Cause) in
      try skip(to: index)
      var (voxels, unusable) = try readVoxels()
      if unusable.count > 0 {
        switch nonFinite {
        case .refuse: throw try refusal(of: unusable, frame: index)
        case .zero:
          for place in voxels.indices where !Volume.isUsable(voxels[place]) { voxels[place] = 0 }
          warn(
            "volume.nonfinite",
            "\(unusable.count) of \(voxels.count) voxels"
              + (header.frames > 1 ? " of frame \(index)" : "")
              + " are \(VolumeError.NonFiniteVoxels.kinds) (set to 0)")
        case .keep: break
        }
      }
      return Volume(grid: header.grid, voxels: voxels)
    }
  }

  /// Reads one frame as a mask: where its voxels are other than 0.
  ///
  /// It takes a byte per voxel, while it is read as well.
  ///
  /// - Parameter index: As of ``readFrame(_:nonFinite:)``.
  /// - Returns: The mask of the header's size.
  /// - Throws: ``VolumeError`` if the file ends early, is corrupt, or holds voxels that cannot be
  ///   used.
  public func readMask(_ index: Int) throws(VolumeError) -> RegionMask {
    precondition((0..<header.frames).contains(index), "frame \(index) of \(header.frames)")
    return try OpenedVolume.naming(path) { () throws(VolumeError.Cause) in
      try skip(to: index)
      let (isInside, unusable) = try readInside()
      if unusable.count > 0 { throw try refusal(of: unusable, frame: index) }
      return RegionMask(isInside: isInside, size: header.grid.size)
    }
  }

  /// Goes to the end of the file and verifies it: gzip checksums, and what follows the voxels.
  public func finish() throws(VolumeError) {
    let end = try OpenedVolume.naming(path) { () throws(VolumeError.Cause) in try finishStream() }
    for notice in end.notices(countingSurplus: true) { warn(notice.code, notice.message) }
  }

  private var end: Int { offset + header.voxelBytes }

  private func skip(to frame: Int) throws(VolumeError.Cause) {
    let gap = offset + frame * header.bytesPerFrame - stream.position
    precondition(gap >= 0, "frames are read in increasing order")
    guard try stream.skip(gap) == gap else { throw .truncated(needed: end, has: stream.position) }
  }

  private func finishStream() throws(VolumeError.Cause) -> StreamEnd {
    try skip(to: header.frames)
    return try stream.finish(allowance: max(1 << 20, header.voxelBytes / 100))
  }

  private func warn(_ code: String, _ message: String) {
    notices.append(Notice(code: code, subject: path, message: message))
  }
}

// MARK: - Voxels

extension VolumeReader {
  private static let pieceBytes = 1 << 18

  /// Voxels that cannot be used.
  private struct Unusable {
    var count = 0
    var first = 0
    /// The first one in double precision.
    var value = 0.0
  }

  private func readVoxels() throws(VolumeError.Cause) -> ([Float], Unusable) {
    let count = header.voxelsPerFrame
    try probeMemory(bytes: count * MemoryLayout<Float>.size)
    var unusable = Unusable()
    var failure: VolumeError.Cause?
    let voxels = [Float](unsafeUninitializedCapacity: count) { voxels, filled in
      do throws(VolumeError.Cause) {
        unusable = try readPieces { piece in
          UnsafeMutableBufferPointer(rebasing: voxels[piece])
        } done: { piece in
          filled = piece.upperBound
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return (voxels, unusable)
  }

  /// Whether each voxel of the frame is other than 0.
  private func readInside() throws(VolumeError.Cause) -> ([Bool], Unusable) {
    let count = header.voxelsPerFrame
    try probeMemory(bytes: count)
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: pieceVoxels)
    defer { values.deallocate() }
    var unusable = Unusable()
    var failure: VolumeError.Cause?
    let isInside = [Bool](unsafeUninitializedCapacity: count) { isInside, filled in
      do throws(VolumeError.Cause) {
        unusable = try readPieces { piece in
          UnsafeMutableBufferPointer(rebasing: values[..<piece.count])
        } done: { piece in
          for index in piece {
            isInside.initializeElement(at: index, to: values[index - piece.lowerBound] != 0)
          }
          filled = piece.upperBound
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return (isInside, unusable)
  }

  /// Voxels that are read at a time.
  private var pieceVoxels: Int { Self.pieceBytes / header.voxelType.bytes }

  /// Reads the voxels of the frame piece by piece.
  ///
  /// - Parameters:
  ///   - room: Where the values of a range of voxels go.
  ///   - done: Called when they are there.
  /// - Returns: What cannot be used of them.
  /// - Throws: ``VolumeError`` if they cannot be read.
  private func readPieces(
    into room: (Range<Int>) -> UnsafeMutableBufferPointer<Float>, done: (Range<Int>) -> Void
  ) throws(VolumeError.Cause) -> Unusable {
    let stored = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.pieceBytes, alignment: 16)
    defer { stored.deallocate() }
    let scratch = UnsafeMutableBufferPointer<Double>.allocate(capacity: 4096)
    defer { scratch.deallocate() }
    let (count, size) = (header.voxelsPerFrame, header.voxelType.bytes)
    var unusable = Unusable()
    for start in stride(from: 0, to: count, by: pieceVoxels) {
      let piece = start..<min(start + pieceVoxels, count)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: stored[..<(piece.count * size)])
      guard try stream.read(into: bytes) == bytes.count else {
        throw .truncated(needed: end, has: stream.position)
      }
      decode(UnsafeRawBufferPointer(bytes), into: room(piece), scratch, from: start, &unusable)
      done(piece)
    }
    return unusable
  }

  private func decode(
    _ stored: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>,
    _ scratch: UnsafeMutableBufferPointer<Double>, from start: Int, _ unusable: inout Unusable
  ) {
    let decoder = VoxelDecoder(
      type: header.voxelType, order: header.byteOrder, scaling: header.scaling)
    decoder.decode(stored, into: values, scratch: scratch)
    if !warnedOfInexactIntegers, decoder.hasInexactInteger(stored) {
      warnedOfInexactIntegers = true
      warn(
        "volume.datatype",
        "holds \(header.voxelType.name) values beyond 2^53, which are rounded")
    }
    var found = 0
    for value in values where !Volume.isUsable(value) { found += 1 }
    guard found > 0 else { return }
    if unusable.count == 0, let first = values.firstIndex(where: { !Volume.isUsable($0) }) {
      unusable.first = start + first
      let size = header.voxelType.bytes
      let voxel = UnsafeRawBufferPointer(rebasing: stored[(first * size)..<((first + 1) * size)])
      decoder.decode(voxel, into: scratch)
      unusable.value = scratch[0]
    }
    unusable.count += found
  }

  /// The array above aborts the program where the system refuses its memory; this does not.
  private func probeMemory(bytes: Int) throws(VolumeError.Cause) {
    do {
      // A mapping, because the compiler removes a malloc whose result is not used.
      _ = try AlignedBuffer<UInt8>(count: bytes)
    } catch {
      throw .file(.outOfMemory(path: path, bytes: bytes))
    }
  }

  /// Why a frame with voxels that cannot be used is refused: a stream that turns out to be corrupt
  /// is the better explanation.
  private func refusal(
    of unusable: Unusable, frame: Int
  ) throws(VolumeError.Cause) -> VolumeError.Cause {
    _ = try finishStream()
    return .nonFinite(described(unusable, frame: frame))
  }

  private func described(_ unusable: Unusable, frame: Int) -> VolumeError.NonFiniteVoxels {
    let size = header.grid.size
    let first = unusable.first
    return VolumeError.NonFiniteVoxels(
      count: unusable.count, total: header.voxelsPerFrame,
      first: SIMD3(first % size.x, first / size.x % size.y, first / size.x / size.y),
      frame: header.frames > 1 ? frame : nil, value: unusable.value)
  }
}
