import CZlib

/// The head of a gzip member (RFC 1952, section 2.3).
enum GzipHeader {
  private static let headerChecksumFlag: UInt8 = 0x02
  private static let extraFlag: UInt8 = 0x04
  private static let nameFlag: UInt8 = 0x08
  private static let commentFlag: UInt8 = 0x10
  private static let reservedFlags: UInt8 = 0xE0

  /// The head that outputs have: no name, no time, unknown system, so that equal content gives
  /// equal bytes.
  static let written: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

  /// Goes over a head, with all optional fields, and checks it.
  ///
  /// - Parameter next: Gives the next byte, or throws at the end of the file.
  /// - Throws: ``VolumeError/Cause`` of the gzip kinds, or what `next` throws.
  static func skip(next: () throws(VolumeError.Cause) -> UInt8) throws(VolumeError.Cause) {
    var checksum: UInt = 0
    func byte() throws(VolumeError.Cause) -> UInt8 {
      var byte = try next()
      checksum = crc32(checksum, &byte, 1)
      return byte
    }
    guard try byte() == 0x1F, try byte() == 0x8B else { throw .gzipCorrupt("no gzip magic") }
    let method = try byte()
    guard method == 8 else { throw .gzipCorrupt("compression method \(method), must be 8") }
    let flags = try byte()
    guard flags & reservedFlags == 0 else { throw .gzipCorrupt("reserved flag bits are set") }
    for _ in 0..<6 { _ = try byte() }
    if flags & extraFlag != 0 {
      let length = Int(try byte()) + Int(try byte()) << 8
      for _ in 0..<length { _ = try byte() }
    }
    for flag in [nameFlag, commentFlag] where flags & flag != 0 {
      while try byte() != 0 {}
    }
    if flags & headerChecksumFlag != 0 {
      let found = UInt16(truncatingIfNeeded: checksum)
      let stored = UInt16(try byte()) | UInt16(try byte()) << 8
      guard stored == found else { throw .gzipHeaderChecksum }
    }
  }
}
