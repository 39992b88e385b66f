import Files
import Workers

/// Writes a NIfTI volume or series as a single file that appears complete or not at all.
///
///     let writer = try VolumeWriter(path: "b.nii.gz", header: header, pool: pool, force: false)
///     try writer.append(voxels)      // as often as needed, i fastest, then j, k, frames
///     try writer.commit()
///
/// The temporary file is made at once, so that everything that forbids the output shows before any
/// computing. The header goes out with the first voxels; until then ``scaling`` may be set, which
/// integer types need the range of the result for.
public final class VolumeWriter {
  /// The header as it is written.
  public private(set) var header: NIfTIHeader
  /// Values that the voxel type could not hold, stored as the nearest that it can.
  public var saturatedCount: Int { encoder?.saturatedCount ?? 0 }
  /// Values that are NaN or infinite among those appended so far.
  public var nonFiniteCount: Int { encoder?.nonFiniteCount ?? 0 }
  /// Bytes written to the file so far.
  public var bytesWritten: Int { output.bytesWritten }

  /// Slope and intercept of the stored values; settable until the first voxels are appended.
  public var scaling: NIfTIHeader.Scaling? {
    get { header.scaling }
    set {
      precondition(encoder == nil, "scaling set after the header was written")
      header.scaling = newValue
    }
  }

  /// Voxels that are turned into stored ones at a time; few enough to stay in cache.
  private static let pieceVoxels = 1 << 16

  private let output: AtomicOutputFile
  private let compressor: GzipWriter?
  private var encoder: VoxelEncoder?
  private var remaining: Int
  /// Whether the end of the content was written.
  private var isFinished = false

  /// Whether an output of this name is compressed.
  ///
  /// - Throws: ``VolumeError`` with the code `usage.target` if the name ends in neither `.nii` nor
  ///   `.nii.gz` and is no pipe or device; standard output is not compressed.
  public static func isCompressed(path: String) throws(VolumeError) -> Bool {
    let lowered = path.lowercased()
    if lowered.hasSuffix(".nii.gz") { return true }
    if lowered.hasSuffix(".nii") || AtomicOutputFile.isStream(path: path) { return false }
    throw VolumeError(path: path, cause: .outputSuffix)
  }

  /// Creates the temporary file of an output.
  ///
  /// - Parameters:
  ///   - path: A name ending in `.nii` or `.nii.gz`, which decides on compression, or `-`.
  ///   - header: The header of the result; see ``NIfTIHeader/output(grid:frames:description:keepsAxes:)``.
  ///   - compressionLevel: 0 to 9, for `.nii.gz`.
  ///   - pool: Workers that compress, beside what else they do; ``append(_:)`` must not be called from
  ///     within their bodies.
  ///   - burst: Voxels that are appended at once; room for as many, as far as that makes sense,
  ///     lets the caller go on while they are compressed.
  ///   - force: Whether an existing file may be replaced.
  /// - Throws: ``VolumeError`` if the output cannot be created.
  public init(
    path: String, header: NIfTIHeader, compressionLevel: Int = 1, pool: WorkerPool?,
    burst: Int = 0, force: Bool
  ) throws(VolumeError) {
    let isCompressed = try Self.isCompressed(path: path)
    self.header = header
    self.header.byteOrder = .little
    remaining = header.frames * header.voxelsPerFrame
    do throws(FileError) {
      output = try AtomicOutputFile(path: path, force: force)
    } catch {
      throw VolumeError(error)
    }
    let output = output
    compressor = try OpenedVolume.naming(path) { () throws(VolumeError.Cause) in
      isCompressed
        ? try GzipWriter(
          output: output, level: compressionLevel, pool: pool,
          burst: burst * header.voxelType.bytes, content: header.writtenBytes) : nil
    }
    if !isCompressed { output.expectedBytes = header.writtenBytes }
  }

  deinit { discard() }

  /// Bytes that a writer holds while it writes.
  ///
  /// - Parameters:
  ///   - header: Of the result.
  ///   - isCompressed: As ``isCompressed(path:)`` says.
  ///   - compressionLevel: 0 to 9.
  ///   - workers: Of the pool.
  ///   - burst: Voxels that are appended at once.
  /// - Returns: What is resident at most.
  public static func plannedBytes(
    _ header: NIfTIHeader, isCompressed: Bool, compressionLevel: Int, workers: Int, burst: Int
  ) -> Int {
    let size = header.voxelType.bytes
    let stored = pieceVoxels * size
    guard isCompressed else { return stored }
    return stored
      + GzipRooms(workers: workers, burst: burst * size, content: header.writtenBytes)
      .plannedBytes(level: compressionLevel)
  }

  /// Appends voxels: any number at a time, in the order of the file.
  ///
  /// - Throws: ``VolumeError`` if the disk is full or writing fails; nothing is left then.
  public func append(_ voxels: UnsafeBufferPointer<Float>) throws(VolumeError) {
    precondition(voxels.count <= remaining, "more voxels than the header declares")
    try begin()
    remaining -= voxels.count
    let piece = Self.pieceVoxels
    let size = header.voxelType.bytes
    let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: piece * size, alignment: 16)
    defer { stored.deallocate() }
    var done = 0
    while done < voxels.count {
      let count = min(piece, voxels.count - done)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: stored[..<(count * size)])
      encoder?.encode(UnsafeBufferPointer(rebasing: voxels[done..<(done + count)]), into: bytes)
      try write(UnsafeRawBufferPointer(bytes))
      done += count
    }
  }

  /// Appends the voxels of an array.
  public func append(_ voxels: [Float]) throws(VolumeError) {
    try voxels.withUnsafeBufferPointer { buffer throws(VolumeError) in try append(buffer) }
  }

  /// Brings the whole file to the disk, still under its temporary name, so that hardly anything
  /// that can fail is left for ``commit(beforeReplacing:)``; all voxels must have been appended.
  ///
  /// - Throws: ``VolumeError`` if the disk is full or writing fails; nothing is left then.
  public func flush() throws(VolumeError) {
    do throws(FileError) {
      try finishContent()
      try output.flush()
    } catch {
      throw VolumeError(error)
    }
  }

  /// Makes the file appear; all voxels must have been appended.
  ///
  /// - Parameter beforeReplacing: As of `AtomicOutputFile.commit`.
  /// - Throws: ``VolumeError`` if the disk is full or writing fails; nothing is left then.
  public func commit(beforeReplacing: () -> Void = {}) throws(VolumeError) {
    do throws(FileError) {
      try finishContent()
      try output.commit(beforeReplacing: beforeReplacing)
    } catch {
      throw VolumeError(error)
    }
  }

  private func finishContent() throws(FileError) {
    precondition(remaining == 0, "\(remaining) voxels are missing")
    guard !isFinished else { return }
    isFinished = true
    try compressor?.finish()
  }

  /// Removes the temporary file; the same happens to a writer that is dropped.
  public func discard() {
    compressor?.stop()
    output.discard()
  }

  private func begin() throws(VolumeError) {
    guard encoder == nil else { return }
    encoder = VoxelEncoder(type: header.voxelType, scaling: header.scaling)
    let head = header.headBytes()
    try head.withUnsafeBufferPointer { buffer throws(VolumeError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(VolumeError) {
    do throws(FileError) {
      if let compressor {
        try compressor.write(bytes)
      } else {
        try output.write(bytes)
      }
    } catch {
      throw VolumeError(error)
    }
  }
}
