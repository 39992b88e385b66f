/// The checked header of a safetensors file: metadata and where each tensor lies.
///
/// Layout of the file: u64 little-endian N; N bytes of JSON; the tensors' bytes, row-major and
/// little-endian, without holes. Stricter than the reference reader: no duplicate names, no unknown
/// fields, no overflow hidden behind a zero, nothing behind the last tensor.
package struct SafetensorsHeader {
  /// Largest header of the format, in bytes.
  static let longestHeader = 100_000_000
  static let mostTensors = 100_000
  /// Longest tensor name, in UTF-8 bytes.
  static let longestName = 1024

  /// Bounds of the JSON text.
  ///
  /// One object per tensor, three fields, at most 8 sizes and 2 offsets each: depth 3, and 14
  /// values per tensor. The bound on values keeps memory near the size of the text.
  private static let limits = StrictJSON.Limits(
    bytes: longestHeader, depth: 4, values: 16 * mostTensors)

  /// Free text pairs, `__metadata__`.
  package var metadata: [String: String] = [:]
  /// Tensors in the order of the header.
  package var tensors: [TensorView] = []
  /// Where the tensors' bytes begin, counted from the start of the file.
  package let dataOffset: Int

  /// Reads and checks the header of a whole file in memory.
  ///
  /// - Throws: ``SafetensorsFault`` for the first rule violated, in the order of the cases.
  package init(_ file: UnsafeRawBufferPointer) throws(SafetensorsFault) {
    let headerLength = try Self.headerLength(of: file)
    dataOffset = 8 + headerLength
    let object = try Self.parseHeader(UnsafeRawBufferPointer(rebasing: file[8..<dataOffset]))
    if let value = object["__metadata__"] { try readMetadata(value) }
    let tensorCount = object.count - (object["__metadata__"] == nil ? 0 : 1)
    guard tensorCount <= Self.mostTensors else { throw .tooManyTensors(count: tensorCount) }
    var spans: [Span] = []
    for name in object.keys where name != "__metadata__" {
      guard let value = object[name] else { continue }
      try addTensor(name, value, to: &spans)
    }
    try Self.checkCover(&spans, bytes: file.count - dataOffset)
  }

  private static func headerLength(of file: UnsafeRawBufferPointer) throws(SafetensorsFault) -> Int
  {
    guard file.count >= 8 else { throw .headerTooSmall(bytes: file.count) }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(longestHeader) else { throw .headerTooLarge(length: length) }
    guard Int(length) <= file.count - 8 else {
      throw .headerBeyondFile(length: Int(length), available: file.count - 8)
    }
    guard length >= 2, file[8] == UInt8(ascii: "{") else { throw .headerStart }
    return Int(length)
  }

  private static func parseHeader(
    _ text: UnsafeRawBufferPointer
  ) throws(SafetensorsFault) -> JSONObject {
    do {
      guard case .object(let object) = try StrictJSON.parse(text, limits: limits) else {
        throw SafetensorsFault.headerStart
      }
      return object
    } catch let fault as JSONFault {
      throw .header(fault)
    } catch {
      throw .headerStart
    }
  }
}
