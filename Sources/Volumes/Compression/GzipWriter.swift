import Files
import Workers

/// Writes one gzip member whose bytes do not depend on the number of threads.
///
/// The content is cut into chunks of 1 MiB, counted from its beginning. Each is compressed alone, as a
/// piece of raw deflate data that ends on a whole byte (sync flush), and the pieces are written in
/// order; an empty last block ends the stream. Checksums are joined by `crc32_combine`. The
/// price against one stream is 0.3 % of size. Several members would be simpler, but some readers
/// decode the first one only.
///
/// Chunks are compressed and written beside whatever the pool computes, by workers that would wait
/// otherwise (``WorkerPool/leaveAside(_:)``); only who has filled all places helps himself.
final class GzipWriter {
  /// Content of a piece.
  static let chunkBytes = 1 << 20
  /// A last block with no content: fixed codes, end-of-block code, filled up to whole bytes.
  private static let emptyLastBlock: [UInt8] = [0x03, 0x00]

  private let output: AtomicOutputFile
  private let blocks: GzipBlocks
  /// The chunk that is being filled.
  private var chunk: UnsafeMutableRawBufferPointer?
  private var filled = 0
  private var hasBegun = false

  /// Prepares for writing; nothing is written yet.
  ///
  /// - Parameters:
  ///   - output: Where the bytes go, touched by nobody else until ``finish()`` or ``stop()``;
  ///     committing it is the caller's.
  ///   - level: 0 (stored) to 9 (smallest).
  ///   - pool: Workers that compress; nil for the calling thread alone. Must not be used from
  ///     within one of its bodies.
  ///   - burst: Bytes of content that come at once, while the pool has nothing else to do; they find
  ///     places, as far as that makes sense.
  ///   - content: Bytes of the whole content, which may not be more then; nil: any number.
  /// - Throws: ``VolumeError/Cause/coderMemory``.
  init(
    output: AtomicOutputFile, level: Int, pool: WorkerPool?, burst: Int = 0, content: Int? = nil
  ) throws(VolumeError.Cause) {
    self.output = output
    blocks = try GzipBlocks(
      output: output, level: level, pool: pool,
      sizes: GzipRooms(workers: pool?.workerCount ?? 1, burst: burst, content: content))
  }

  /// Appends content.
  ///
  /// - Throws: What went wrong with it or with content before it.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try begin()
    var done = 0
    while done < bytes.count {
      let room = try place()
      let count = min(bytes.count - done, room.count - filled)
      UnsafeMutableRawBufferPointer(rebasing: room[filled..<filled + count])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[done..<done + count]))
      done += count
      filled += count
      if filled == room.count { submit() }
    }
  }

  /// Writes what is left and the end of the member.
  func finish() throws(FileError) {
    try begin()
    if filled > 0 { submit() }
    let (checksum, length) = try blocks.finish()
    let trailer = [checksum, length].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
    try output.write(Self.emptyLastBlock + trailer)
  }

  /// Leaves the output alone from now on, so that it may be given up.
  func stop() { blocks.stop() }

  /// Writes the head, before there are blocks that others write.
  private func begin() throws(FileError) {
    if hasBegun { return }
    hasBegun = true
    try output.write(GzipHeader.written)
  }

  private func place() throws(FileError) -> UnsafeMutableRawBufferPointer {
    if let chunk { return chunk }
    let next = try blocks.next()
    chunk = next
    return next
  }

  private func submit() {
    blocks.submit(bytes: filled)
    chunk = nil
    filled = 0
  }
}
