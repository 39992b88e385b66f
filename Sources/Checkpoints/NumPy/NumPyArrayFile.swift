import Files

/// A `.npy` file of float32 numbers: format 1.0, little endian, C order, the form of golden files.
public struct NumPyArrayFile: Sendable {
  /// Sizes, outermost first.
  public let shape: [Int]
  /// All values, last axis fastest.
  public let values: [Float]

  private static let largestFile = 1 << 30

  /// Reads a file.
  ///
  /// - Throws: `FileError`, or ``NumPyError`` for any other form of file.
  public init(path: String) throws {
    let file = try InputFile(path: path)
    guard file.size <= Self.largestFile else {
      throw NumPyError(subject: path, cause: .tooLarge(bytes: file.size))
    }
    let bytes = try file.read(at: 0, count: file.size)
    do {
      let header = try Self.header(bytes)
      shape = try Self.shape(header.text)
      var count = 1
      for size in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow, product <= Self.largestFile else { throw NumPyFault.form }
        count = product
      }
      guard bytes.count - header.end == 4 * count else {
        throw NumPyFault.length(needed: header.end + 4 * count, has: bytes.count)
      }
      values = bytes.withUnsafeBytes { raw in
        (0..<count).map { index in
          let bits = raw.loadUnaligned(fromByteOffset: header.end + 4 * index, as: UInt32.self)
          return Float(bitPattern: UInt32(littleEndian: bits))
        }
      }
    } catch let fault as NumPyFault {
      throw NumPyError(subject: path, cause: fault)
    }
  }

  /// The dictionary at the beginning, and the place of the first value.
  private static func header(_ bytes: [UInt8]) throws(NumPyFault) -> (text: String, end: Int) {
    let magic = [0x93] + Array("NUMPY".utf8) + [1, 0]
    guard bytes.starts(with: magic), bytes.count >= 10 else { throw .form }
    let end = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
    guard end <= bytes.count, let text = String(validating: bytes[10..<end], as: UTF8.self),
      text.contains("'descr': '<f4'"), text.contains("'fortran_order': False")
    else { throw .form }
    return (text, end)
  }

  private static func shape(_ header: String) throws(NumPyFault) -> [Int] {
    guard let open = header.firstIndex(of: "("), let close = header.firstIndex(of: ")"),
      open < close
    else { throw .form }
    let texts = header[header.index(after: open)..<close].split { $0 == "," || $0 == " " }
    let sizes = texts.compactMap { Int($0) }
    guard sizes.count == texts.count, sizes.count <= 8, sizes.allSatisfy({ $0 > 0 }) else {
      throw .form
    }
    return sizes
  }
}

/// Why a NumPy file is not read.
public typealias NumPyError = Refusal<NumPyFault>

/// What is wrong with a NumPy file.
public enum NumPyFault: RefusalCause {
  /// Not the one form that is read.
  case form
  /// Larger than any that is read.
  case tooLarge(bytes: Int)
  /// Fewer or more bytes than the shape says.
  case length(needed: Int, has: Int)

  /// The identifier of the cause.
  public var code: String { "model.format" }

  /// What is wrong.
  public var message: String {
    switch self {
    case .form: "is no NumPy array of float32 in C order (.npy, format 1.0)"
    case .tooLarge(let bytes): "NumPy array of \(ByteSize.text(bytes)), too large to compare with"
    case .length(let needed, let has): "NumPy array: needs \(needed) bytes, has \(has)"
    }
  }
}
