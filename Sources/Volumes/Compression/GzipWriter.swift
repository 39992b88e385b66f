import CZlib
import Files
import Workers

/// Writes one gzip member whose bytes do not depend on the number of threads.
///
/// The content is cut into chunks of 1 MiB. Each is compressed alone, by whichever worker is free,
/// as a piece of raw deflate data that ends on a whole byte (sync flush), and the pieces are written
/// in order; an empty last block ends the stream. Checksums are joined by `crc32_combine`. The
/// price against one stream is 0.3 % of size. Several members would be simpler, but some readers
/// decode the first one only.
final class GzipWriter {
  /// Content of a piece.
  static let chunkBytes = 1 << 20
  /// Room for a compressed piece: incompressible data grow by less than 1 %.
  static let outputBytes = chunkBytes + chunkBytes / 8
  /// A last block with no content: fixed codes, end-of-block code, filled up to whole bytes.
  private static let emptyLastBlock: [UInt8] = [0x03, 0x00]

  private let output: AtomicOutputFile
  private let pool: WorkerPool?
  private let coders: [any ChunkCoder]
  /// As many chunks as are compressed at a time, and their compressed pieces.
  private let pending: AlignedBuffer<UInt8>
  private let pieces: AlignedBuffer<UInt8>
  private let batch: Int
  private var pendingBytes = 0

  private var checksum: UInt32 = 0
  private var length: UInt32 = 0
  private var hasBegun = false

  /// Prepares for writing; nothing is written yet.
  ///
  /// - Parameters:
  ///   - output: Where the bytes go; committing it is the caller's.
  ///   - level: 0 (stored) to 9 (smallest).
  ///   - pool: Workers that compress; nil for the calling thread alone. Must not be used from
  ///     within one of its bodies.
  /// - Throws: ``VolumeError/Cause/coderMemory``.
  init(output: AtomicOutputFile, level: Int, pool: WorkerPool?) throws(VolumeError.Cause) {
    self.output = output
    self.pool = pool
    let workers = pool?.workerCount ?? 1
    var coders: [any ChunkCoder] = []
    for _ in 0..<workers { coders.append(try makeChunkCoder(level: level)) }
    self.coders = coders
    // Two per worker, so that one slow chunk does not leave all others waiting.
    batch = workers == 1 ? 1 : 2 * workers
    pending = try .forCoder(bytes: batch * Self.chunkBytes)
    pieces = try .forCoder(bytes: batch * Self.outputBytes)
  }

  /// Appends content.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = min(bytes.count - done, pending.count - pendingBytes)
      UnsafeMutableRawBufferPointer(
        start: pending.pointer + pendingBytes, count: count
      ).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[done..<(done + count)]))
      done += count
      pendingBytes += count
      if pendingBytes == pending.count { try compressPending() }
    }
  }

  /// Writes what is left and the end of the member.
  func finish() throws(FileError) {
    try compressPending()
    let trailer = [checksum, length].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
    try output.write(Self.emptyLastBlock + trailer)
  }

  /// What a worker made of one chunk.
  private struct Piece {
    var bytes = 0
    var checksum: UInt32 = 0
  }

  private func compressPending() throws(FileError) {
    if !hasBegun {
      hasBegun = true
      try output.write(GzipHeader.written)
    }
    let count = (pendingBytes + Self.chunkBytes - 1) / Self.chunkBytes
    var results = [Piece](repeating: Piece(), count: count)
    results.withUnsafeMutableBufferPointer { buffer in
      let results = buffer
      let run = { (item: Int, worker: Int) in
        results[item] = self.compress(item, by: self.coders[worker])
      }
      if let pool {
        pool.run(count, run)
      } else {
        for item in 0..<count { run(item, 0) }
      }
    }
    for (item, result) in results.enumerated() {
      try output.write(UnsafeRawBufferPointer(rebasing: room(item)[..<result.bytes]))
      let bytes = chunk(item).count
      checksum = UInt32(
        truncatingIfNeeded: crc32_combine(UInt(checksum), UInt(result.checksum), bytes))
      length &+= UInt32(truncatingIfNeeded: bytes)
    }
    pendingBytes = 0
  }

  private func compress(_ item: Int, by coder: any ChunkCoder) -> Piece {
    let chunk = chunk(item)
    let address = chunk.bindMemory(to: UInt8.self).baseAddress
    return Piece(
      bytes: coder.compress(chunk, into: room(item)),
      checksum: UInt32(truncatingIfNeeded: crc32_z(0, address, chunk.count)))
  }

  private func chunk(_ item: Int) -> UnsafeRawBufferPointer {
    let start = item * Self.chunkBytes
    return UnsafeRawBufferPointer(
      start: pending.pointer + start, count: min(Self.chunkBytes, pendingBytes - start))
  }

  private func room(_ item: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(
      start: pieces.pointer + item * Self.outputBytes, count: Self.outputBytes)
  }
}
