import CZlib
import Files
import Synchronization
import Workers

/// Blocks of content on their way into a gzip member: filled by one thread, compressed by whichever
/// worker has nothing else to do, written in order by whoever completes the next one.
///
/// `@unchecked Sendable`: a place belongs to the thread that fills it until ``submit(bytes:)``, then to
/// the worker that compresses it, then to the one that writes. `state` orders these; the output is
/// touched only by the thread that has set `isWriting`, and by the owner after ``finish()``.
final class GzipBlocks: @unchecked Sendable {
  /// What a worker made of a block.
  private struct Piece {
    var bytes: Int
    var contentBytes: Int
    var checksum: UInt32
  }

  private struct State {
    /// Compressed blocks that were not written yet, by their number.
    var pieces: [Int: Piece] = [:]
    /// Blocks written so far.
    var written = 0
    var isWriting = false
    /// Nothing more is written: after an error, or because the output is given up.
    var isStopped = false
    var error: FileError?
    var checksum: UInt32 = 0
    var length: UInt32 = 0
  }

  private let sizes: GzipRooms
  private let output: AtomicOutputFile
  private let pool: WorkerPool?
  private let coders: [any ChunkCoder]
  private let rooms: AlignedBuffer<UInt8>
  /// Where each worker compresses to.
  private let compressed: AlignedBuffer<UInt8>
  private let state = Mutex(State())
  /// Blocks submitted so far; of the filling thread.
  private var submitted = 0

  init(
    output: AtomicOutputFile, level: Int, pool: WorkerPool?, sizes: GzipRooms
  ) throws(VolumeError.Cause) {
    self.output = output
    self.pool = pool
    self.sizes = sizes
    var coders: [any ChunkCoder] = []
    for _ in 0..<sizes.workers { coders.append(try makeChunkCoder(level: level)) }
    self.coders = coders
    rooms = try .forCoder(bytes: sizes.places * sizes.roomBytes)
    compressed = try .forCoder(bytes: sizes.workers * sizes.roomBytes)
  }

  /// Where the next block is filled, after waiting for a free place.
  ///
  /// - Throws: What went wrong with an earlier block.
  func next() throws(FileError) -> UnsafeMutableRawBufferPointer {
    let number = submitted
    work { $0.written + sizes.places <= number }
    try check()
    return UnsafeMutableRawBufferPointer(
      start: rooms.pointer + place(number), count: sizes.chunkBytes)
  }

  /// Sends the block that was filled, of so many bytes, on its way.
  func submit(bytes: Int) {
    let number = submitted
    submitted += 1
    guard let pool, pool.workerCount > 1 else { return compress(number, bytes, worker: 0) }
    pool.leaveAside { [self] worker in compress(number, bytes, worker: worker) }
  }

  /// Waits until all blocks are written.
  ///
  /// - Returns: Checksum and length of the content.
  /// - Throws: What went wrong with any block.
  func finish() throws(FileError) -> (checksum: UInt32, length: UInt32) {
    work { $0.written < submitted }
    try check()
    return state.withLock { ($0.checksum, $0.length) }
  }

  /// Ends all writing, so that the output may be given up; blocks on their way are forgotten.
  func stop() {
    state.withLock { $0.isStopped = true }
    pool?.workAside { state.withLock { $0.isWriting } }
  }

  // MARK: -

  /// Works on blocks while there is need, and no reason to stop.
  private func work(while isNeeded: (State) -> Bool) {
    pool?.workAside { state.withLock { !$0.isStopped && isNeeded($0) } }
  }

  private func check() throws(FileError) {
    if let error = state.withLock({ $0.error }) { throw error }
  }

  private func place(_ number: Int) -> Int { number % sizes.places * sizes.roomBytes }

  private func compress(_ number: Int, _ bytes: Int, worker: Int) {
    if state.withLock({ $0.isStopped }) { return }
    let room = rooms.pointer + place(number)
    let checksum = UInt32(truncatingIfNeeded: crc32_z(0, room, bytes))
    let target = UnsafeMutableRawBufferPointer(
      start: compressed.pointer + worker * sizes.roomBytes, count: sizes.roomBytes)
    let count = coders[worker].compress(
      UnsafeRawBufferPointer(start: room, count: bytes), into: target)
    // Back into its place, so that the worker is free for another block before this one's turn.
    UnsafeMutableRawPointer(room).copyMemory(
      from: UnsafeRawPointer(compressed.pointer + worker * sizes.roomBytes), byteCount: count)
    let isWriter = state.withLock { state in
      state.pieces[number] = Piece(bytes: count, contentBytes: bytes, checksum: checksum)
      if state.isWriting || state.isStopped { return false }
      state.isWriting = true
      return true
    }
    if isWriter { writeInOrder() }
  }

  /// Writes compressed blocks as long as the next one is there.
  private func writeInOrder() {
    while let (number, piece) = nextPiece() {
      do throws(FileError) {
        try output.write(
          UnsafeRawBufferPointer(start: rooms.pointer + place(number), count: piece.bytes))
      } catch {
        state.withLock { state in
          state.error = error
          state.isStopped = true
          state.isWriting = false
        }
        return
      }
      state.withLock { state in
        state.checksum = UInt32(
          truncatingIfNeeded: crc32_combine(
            UInt(state.checksum), UInt(piece.checksum), piece.contentBytes))
        state.length &+= UInt32(truncatingIfNeeded: piece.contentBytes)
        state.written += 1
      }
    }
  }

  /// The piece whose turn it is; without one nobody writes any more.
  private func nextPiece() -> (Int, Piece)? {
    state.withLock { state in
      guard !state.isStopped, let piece = state.pieces.removeValue(forKey: state.written) else {
        state.isWriting = false
        return nil
      }
      return (state.written, piece)
    }
  }
}
