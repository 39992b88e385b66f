import CZlib

/// Undoes one raw deflate stream (RFC 1951), in pieces of any size.
final class Inflater {
  /// zlib keeps the address of this structure, so it has its own place in memory.
  private let stream: UnsafeMutablePointer<z_stream>

  /// What one call did.
  struct Step {
    var consumed: Int
    var produced: Int
    var isEnd: Bool
  }

  init() throws(VolumeError.Cause) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // A negative window size means: no frame around the deflate data.
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, size) == Z_OK else {
      stream.deallocate()
      throw .coderMemory
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Makes ready for another stream.
  func reset() { inflateReset(stream) }

  /// Inflates as much as input and room allow.
  ///
  /// - Throws: ``VolumeError/Cause/gzipCorrupt(_:)`` with zlib's words.
  func inflate(
    from input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  )
    throws(VolumeError.Cause) -> Step
  {
    // zlib counts in 32 bits.
    let available = input.prefix(1 << 30)
    let room = output.prefix(1 << 30)
    // zlib declares its input as mutable and does not change it.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: UnsafeRawBufferPointer(rebasing: available).bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(available.count)
    stream.pointee.next_out =
      UnsafeMutableRawBufferPointer(rebasing: room).bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(room.count)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let step = Step(
      consumed: available.count - Int(stream.pointee.avail_in),
      produced: room.count - Int(stream.pointee.avail_out),
      isEnd: status == Z_STREAM_END)
    switch status {
    case Z_OK, Z_STREAM_END, Z_BUF_ERROR: return step
    case Z_MEM_ERROR: throw .coderMemory
    default:
      throw .gzipCorrupt(stream.pointee.msg.map { String(cString: $0) } ?? "bad deflate data")
    }
  }
}
