/// A message in the wire format of protocol buffers, field by field.
///
/// Source: "Encoding" in the documentation of protocol buffers.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case length = 2
    case fixed32 = 5
  }

  mutating func add(_ field: UInt64, integer: Int) {
    addKey(field, .varint)
    addVarint(UInt64(bitPattern: Int64(integer)))
  }

  mutating func add(_ field: UInt64, double: Double) {
    addKey(field, .fixed64)
    addLittleEndian(double.bitPattern)
  }

  mutating func add(_ field: UInt64, float: Float) {
    addKey(field, .fixed32)
    addLittleEndian(float.bitPattern)
  }

  mutating func add(_ field: UInt64, text: String) { add(field, content: Array(text.utf8)) }

  mutating func add(_ field: UInt64, message: ProtobufMessage) {
    add(field, content: message.bytes)
  }

  private mutating func add(_ field: UInt64, content: [UInt8]) {
    addKey(field, .length)
    addVarint(UInt64(content.count))
    bytes += content
  }

  private mutating func addKey(_ field: UInt64, _ type: WireType) {
    addVarint(field << 3 | type.rawValue)
  }

  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func addLittleEndian(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
