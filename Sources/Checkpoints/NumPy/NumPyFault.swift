import Files

/// Why a NumPy file is not read.
public typealias NumPyError = Refusal<NumPyFault>

/// What is wrong with a NumPy array.
public enum NumPyFault: RefusalCause {
  /// It does not begin as an array does.
  case magic
  case version(Int)
  /// The header is longer than the file or than any header.
  case headerLength(Int)
  /// The header is no dictionary of the three keys.
  case grammar(at: Int)
  /// Python objects, which are pickled and never read.
  case objects
  /// A type that is not read.
  case elementType(String)
  case rank
  case negativeSize
  case shapeOverflow
  /// Larger than any that is read.
  case tooLarge(bytes: Int)
  /// Fewer or more bytes of values than the sizes need.
  case length(needed: Int, has: Int)

  /// The identifier of the cause.
  public var code: String {
    switch self {
    case .objects: "model.unsafe"
    case .elementType: "model.dtype"
    case .rank, .negativeSize, .shapeOverflow, .length: "model.tensor"
    case .magic, .version, .headerLength, .grammar, .tooLarge: "model.format"
    }
  }

  /// What is wrong.
  public var message: String {
    switch self {
    case .magic: "is no NumPy array (.npy)"
    case .version(let version): "NumPy array of format \(version), which is not read"
    case .headerLength(let length):
      "NumPy array: a header of \(length) bytes, more than the file holds or a header has"
    case .grammar(let position):
      "NumPy array: the header is no dictionary of descr, fortran_order and shape "
        + "(at character \(position))"
    case .objects: "NumPy array of Python objects, which are not loaded"
    case .elementType(let text):
      "NumPy array of the unsupported type \(quoted(text, limit: 24)); float32 is read"
    case .rank: "NumPy array of more than \(NumPyHeader.mostAxes) dimensions"
    case .negativeSize: "NumPy array with a negative size"
    case .shapeOverflow: "NumPy array: its shape overflows 64 bits"
    case .tooLarge(let bytes): "NumPy array of \(ByteSize.text(bytes)), too large to be read"
    case .length(let needed, let has):
      "NumPy array: its shape needs \(counted(needed, "byte")), has \(has)"
    }
  }
}
