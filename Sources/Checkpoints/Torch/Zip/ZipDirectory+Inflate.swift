import CZlib

extension ZipDirectory {
  /// Deflate makes at most 1032 bytes of one.
  private static let largestRatio = 1032

  /// The bytes of an entry, inflated where it is compressed, after comparing their CRC-32 with the
  /// directory's.
  ///
  /// Room is made for the size that the directory gives, once it is known that so many bytes can
  /// come from those that are there.
  func inflatedContents(of entry: ZipEntry) throws(ZipFault) -> [UInt8] {
    let compressed = UnsafeRawBufferPointer(rebasing: file[entry.contents])
    guard entry.isDeflated else { return Array(try checkedContents(of: entry)) }
    guard entry.size / Self.largestRatio <= compressed.count else {
      throw .inflatedSize(entry.name, bytes: entry.size)
    }
    var isComplete = false
    let contents = [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, initialized in
      isComplete = Self.inflate(compressed, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = isComplete ? entry.size : 0
    }
    guard isComplete else { throw .deflate(entry.name) }
    let computed = contents.withUnsafeBytes { CRC32.checksum(of: $0) }
    guard computed == entry.checksum else {
      throw .checksum(entry.name, computed: computed, stored: entry.checksum)
    }
    return contents
  }

  /// Inflates one raw deflate stream (RFC 1951); false unless it fills the output exactly and ends
  /// there, with no byte left over.
  private static func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    guard let inputCount = UInt32(exactly: input.count),
      let outputCount = UInt32(exactly: output.count)
    else { return false }
    var stream = z_stream()
    // zlib keeps the address of the structure.
    return withUnsafeMutablePointer(to: &stream) { stream in
      // A negative window size means: no frame around the deflate data.
      let size = Int32(MemoryLayout<z_stream>.size)
      guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, size) == Z_OK else { return false }
      defer { inflateEnd(stream) }
      // zlib declares its input as mutable and does not change it.
      stream.pointee.next_in = UnsafeMutablePointer(
        mutating: input.bindMemory(to: UInt8.self).baseAddress)
      stream.pointee.avail_in = inputCount
      // An empty array may have no address, which zlib refuses.
      var nothing: UInt8 = 0
      return withUnsafeMutablePointer(to: &nothing) { nothing in
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress ?? nothing
        stream.pointee.avail_out = outputCount
        return CZlib.inflate(stream, Z_FINISH) == Z_STREAM_END && stream.pointee.avail_out == 0
          && stream.pointee.avail_in == 0
      }
    }
  }
}
