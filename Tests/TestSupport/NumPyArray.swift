import Foundation

/// A `.npy` file (format 1.0, C order, little endian) as numbers.
public struct NumPyArray: Sendable {
  /// Why a file cannot be read.
  public enum ReadError: Error {
    case unexpectedHeader(String)
  }

  /// Sizes, outermost first.
  public let shape: [Int]
  /// All values, last axis fastest.
  public let values: [Double]

  /// The values rounded to Float (exact where the file holds float32).
  public var floats: [Float] { values.map(Float.init) }

  /// Reads a file; throws ``ReadError`` for element types and orders that no golden has.
  public init(contentsOf url: URL) throws {
    let bytes = try [UInt8](Data(contentsOf: url))
    let headerLength = Int(bytes[8]) | Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<(10 + headerLength)], as: UTF8.self)
    guard header.contains("'fortran_order': False"),
      let open = header.firstIndex(of: "("), let close = header.firstIndex(of: ")")
    else { throw ReadError.unexpectedHeader(header) }
    shape = header[header.index(after: open)..<close].split(separator: ",").compactMap {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let payload = bytes[(10 + headerLength)...]
    values = try payload.withUnsafeBytes { raw in
      func decode<T>(_ type: T.Type, _ convert: (T) -> Double) -> [Double] {
        (0..<(raw.count / MemoryLayout<T>.size)).map {
          convert(raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self))
        }
      }
      if header.contains("'<f4'") { return decode(Float.self) { Double($0) } }
      if header.contains("'<f8'") { return decode(Double.self) { $0 } }
      if header.contains("'<i8'") { return decode(Int64.self) { Double($0) } }
      if header.contains("'<i4'") { return decode(Int32.self) { Double($0) } }
      if header.contains("'<i2'") { return decode(Int16.self) { Double($0) } }
      if header.contains("'|u1'") { return decode(UInt8.self) { Double($0) } }
      throw ReadError.unexpectedHeader(header)
    }
  }
}
