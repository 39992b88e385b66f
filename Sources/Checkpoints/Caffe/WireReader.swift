/// One field of a protobuf message: its number, and its bytes where they have a length of their own.
struct WireField {
  /// At least 1.
  let number: UInt64
  /// The bytes of a field of wire type 2; nil for numbers.
  let contents: UnsafeRawBufferPointer?
}

/// Walks the fields of one protobuf message without decoding their values.
///
/// Wire types 0, 1, 2 and 5 are walked; groups (3, 4), which Caffe never wrote, and 6 and 7 are
/// refused, as are field number 0 and numbers of more than 64 bits. Nothing is allocated.
struct WireReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// The next field, or nil at the end of the message.
  mutating func next() throws(CaffeFault) -> WireField? {
    guard position < bytes.count else { return nil }
    let tag = try varint()
    guard tag >> 3 != 0 else { throw .fieldNumber }
    switch tag & 7 {
    case 0: _ = try varint()
    case 1: _ = try take(8)
    case 2: return WireField(number: tag >> 3, contents: try take(try varint()))
    case 5: _ = try take(4)
    default: throw .wireType(Int(tag & 7))
    }
    return WireField(number: tag >> 3, contents: nil)
  }

  private mutating func take(_ length: UInt64) throws(CaffeFault) -> UnsafeRawBufferPointer {
    guard let count = Int(exactly: length), let slice = bytes.slice(at: position, length: count)
    else { throw .truncated(needed: length, available: bytes.count - position) }
    position += count
    return slice
  }

  private mutating func varint() throws(CaffeFault) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<10 {
      guard position < bytes.count else { throw .truncated(needed: 1, available: 0) }
      let byte = bytes[position]
      position += 1
      // The tenth byte has room for one bit.
      guard index < 9 || byte <= 1 else { throw .longNumber }
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return value }
    }
    throw .longNumber
  }
}
