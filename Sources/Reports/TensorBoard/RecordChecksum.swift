/// The checksum of records in TensorBoard's files: CRC-32C, turned and shifted so that the checksum
/// of data with a checksum in it is not degenerate.
///
/// Source: "TFRecord" in the documentation of TensorFlow; CRC-32C after RFC 3720, appendix B.4.
enum RecordChecksum {
  /// Castagnoli's polynomial, bits reversed.
  private static let polynomial: UInt32 = 0x82F6_3B78

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 0 ? value >> 1 : value >> 1 ^ polynomial
    }
  }

  static func cyclic(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { value, byte in
      table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8
    }
  }

  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = cyclic(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
