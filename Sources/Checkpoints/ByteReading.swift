extension UnsafeRawBufferPointer {
  /// The little-endian integer at an offset, or nil if it does not lie inside.
  func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Integer.Type
  ) -> Integer? {
    guard offset >= 0, offset <= count - MemoryLayout<Integer>.size else { return nil }
    return Integer(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// `length` bytes from an offset, or nil if they do not lie inside.
  func slice(at offset: Int, length: Int) -> UnsafeRawBufferPointer? {
    guard offset >= 0, length >= 0, length <= count, offset <= count - length else { return nil }
    return UnsafeRawBufferPointer(rebasing: self[offset..<(offset + length)])
  }
}
