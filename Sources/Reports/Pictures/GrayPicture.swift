import CZlib

/// A picture of gray levels as a PNG file.
///
/// 8 bits, one channel, no interlace. Each row has the filter (none, left, up, Paeth) whose bytes,
/// as signed numbers, have the least sum of magnitudes, as the PNG specification recommends. No
/// colour space is written, so that readers hand the levels on as they are.
public struct GrayPicture: Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 0 black to 255 white, `[row][column]`.
  public let levels: [UInt8]

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let compressionLevel: Int32 = 9

  /// Pairs levels with their size.
  public init(width: Int, height: Int, levels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && levels.count == width * height,
      "\(levels.count) levels for \(width) x \(height)")
    self.width = width
    self.height = height
    self.levels = levels
  }

  /// The bytes of the file; the same for the same picture and release of zlib.
  public func encoded() -> [UInt8] {
    let header = Self.bigEndian(width) + Self.bigEndian(height) + [8, 0, 0, 0, 0]
    return Self.signature + Self.chunk("IHDR", header)
      + Self.chunk("IDAT", Self.compressed(filtered())) + Self.chunk("IEND", [])
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let named = Array(type.utf8) + content
    let checksum = crc32(0, named, UInt32(named.count))
    return bigEndian(content.count) + named + bigEndian(Int(checksum))
  }

  private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    let room = compressBound(UInt(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(room)) { buffer, count in
      var length = room
      let status = compress2(
        buffer.baseAddress, &length, bytes, UInt(bytes.count), compressionLevel)
      precondition(status == Z_OK, "compress2: \(status)")
      count = Int(length)
    }
  }

  /// Every row behind the number of its filter.
  private func filtered() -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity((width + 1) * height)
    let black = [UInt8](repeating: 0, count: width)
    var rows = [[UInt8]](repeating: black, count: 4)
    for row in 0..<height {
      let start = row * width
      var sums = [0, 0, 0, 0]
      for column in 0..<width {
        let value = levels[start + column]
        let left = column > 0 ? levels[start + column - 1] : 0
        let up = row > 0 ? levels[start - width + column] : 0
        let corner = column > 0 && row > 0 ? levels[start - width + column - 1] : 0
        let bytes = SIMD4(value, value &- left, value &- up, value &- Self.paeth(left, up, corner))
        for filter in 0..<4 {
          rows[filter][column] = bytes[filter]
          sums[filter] += Int(Int8(bitPattern: bytes[filter]).magnitude)
        }
      }
      let best = sums.indices.min { sums[$0] < sums[$1] } ?? 0
      result.append(UInt8(best == 3 ? 4 : best))
      result += rows[best]
    }
    return result
  }

  /// The neighbour that is nearest to left + up - corner.
  private static func paeth(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
    let estimate = Int(left) + Int(up) - Int(corner)
    let distances = (
      abs(estimate - Int(left)), abs(estimate - Int(up)), abs(estimate - Int(corner))
    )
    if distances.0 <= distances.1 && distances.0 <= distances.2 { return left }
    return distances.1 <= distances.2 ? up : corner
  }
}
