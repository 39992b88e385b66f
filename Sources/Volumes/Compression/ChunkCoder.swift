import CZlib
import Workers

#if ARSSR_ISAL
import CIsal
#endif

/// Compresses chunks of a deflate stream, each without knowledge of the others.
///
/// The pieces can be joined in order. One coder serves one worker.
protocol ChunkCoder: AnyObject {
  /// Compresses a chunk into whole bytes (the end is that of a sync flush).
  ///
  /// - Parameters:
  ///   - chunk: At most ``GzipWriter/chunkBytes``.
  ///   - output: At least ``GzipRooms/roomBytes``.
  /// - Returns: Number of bytes written.
  func compress(_ chunk: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int
}

/// Chooses the coder for a level: isa-l for level 1 where the build has it (8.8 times as fast as
/// zlib's level 1 on super-resolved float32, at the same size), else zlib.
func makeChunkCoder(level: Int) throws(VolumeError.Cause) -> any ChunkCoder {
  precondition((0...9).contains(level), "level: \(level)")
  #if ARSSR_ISAL
  if level == 1 { return try IsalCoder() }
  #endif
  return try ZlibCoder(level: level)
}

/// Bytes that a coder for a level holds.
func chunkCoderBytes(level: Int) -> Int {
  #if ARSSR_ISAL
  if level == 1 { return IsalCoder.bytes }
  #endif
  return ZlibCoder.bytes
}

/// Levels 0 to 9 by zlib.
final class ZlibCoder: ChunkCoder {
  private let stream: UnsafeMutablePointer<z_stream>
  /// As zlib.h says: (1 << (windowBits + 2)) + (1 << (memLevel + 9)) and a few kilobytes.
  static let bytes = (256 + 128 + 8) << 10

  init(level: Int) throws(VolumeError.Cause) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Negative window size: raw deflate data. 8 is zlib's default for its memory.
    let status = deflateInit2_(
      stream, Int32(level), Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      stream.deallocate()
      throw .coderMemory
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func compress(
    _ chunk: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  )
    -> Int
  {
    deflateReset(stream)
    // zlib declares its input as mutable and does not change it.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: chunk.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(chunk.count)
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(output.count)
    let status = deflate(stream, Z_SYNC_FLUSH)
    precondition(
      status == Z_OK && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0,
      "deflate: \(status)")
    return output.count - Int(stream.pointee.avail_out)
  }
}

#if ARSSR_ISAL
/// Level 1 by isa-l.
final class IsalCoder: ChunkCoder {
  // 82 KiB with buffers inside, and a level buffer of 4 KiB + 16 KiB + 256 KiB (`igzip_lib.h`,
  // ISAL_DEF_LVL1_LARGE). Both begin on cache lines, which the library asks for.
  private let memory: AlignedBuffer<UInt8>
  private let levelBuffer: AlignedBuffer<UInt8>
  private static let levelBytes = (4 + 2 * 8 + 4 * 64) << 10
  static let bytes = levelBytes + MemoryLayout<isal_zstream>.size
  // WORKAROUND: at the first byte of a stream isa-l (2.30, and 2.32 still) hashes a register that holds the address of
  // the stream, so that matches, and bytes, depend on where that lies (`.write_first_byte` of
  // igzip_icf_body_h1_gr_bt.asm). Its code for 16 bytes at most does not. The price is 5 bytes per chunk.
  private static let leadBytes = 16

  init() throws(VolumeError.Cause) {
    memory = try .forCoder(bytes: MemoryLayout<isal_zstream>.size)
    levelBuffer = try .forCoder(bytes: Self.levelBytes)
  }

  func compress(
    _ chunk: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  )
    -> Int
  {
    let stream = UnsafeMutableRawPointer(memory.pointer).assumingMemoryBound(
      to: isal_zstream.self)
    isal_deflate_init(stream)
    stream.pointee.level = 1
    stream.pointee.level_buf = levelBuffer.pointer
    stream.pointee.level_buf_size = UInt32(Self.levelBytes)
    stream.pointee.gzip_flag = UInt16(IGZIP_DEFLATE)
    stream.pointee.flush = UInt16(SYNC_FLUSH)
    stream.pointee.end_of_stream = 0
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: chunk.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(output.count)
    let lead = min(chunk.count, Self.leadBytes)
    for count in [lead, chunk.count - lead] where count > 0 {
      stream.pointee.avail_in = UInt32(count)
      let status = isal_deflate(stream)
      precondition(
        status == COMP_OK && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0,
        "isal_deflate: \(status)")
    }
    return output.count - Int(stream.pointee.avail_out)
  }
}
#endif

extension AlignedBuffer where Element == UInt8 {
  /// Memory of a coder, or the error that says that there is none.
  static func forCoder(bytes: Int) throws(VolumeError.Cause) -> AlignedBuffer {
    do {
      return try AlignedBuffer(count: bytes)
    } catch {
      throw .coderMemory
    }
  }
}
