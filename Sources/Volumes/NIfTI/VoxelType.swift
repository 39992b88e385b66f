/// The kinds of voxels that are read and written, by their NIfTI code.
public enum VoxelType: Int, Sendable, CaseIterable {
  /// Unsigned, one byte.
  case uint8 = 2
  /// Signed, two bytes.
  case int16 = 4
  /// Signed, four bytes.
  case int32 = 8
  /// IEEE single precision.
  case float32 = 16
  /// IEEE double precision.
  case float64 = 64
  /// Signed, one byte.
  case int8 = 256
  /// Unsigned, two bytes.
  case uint16 = 512
  /// Unsigned, four bytes.
  case uint32 = 768
  /// Signed, eight bytes; read through Double, exact to 2^53.
  case int64 = 1024
  /// Unsigned, eight bytes; read through Double, exact to 2^53.
  case uint64 = 1280

  /// Bytes of one voxel.
  public var bytes: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The name as the option `--datatype` has it.
  public var name: String { String(describing: self) }

  /// Whether voxels are whole numbers.
  public var isInteger: Bool { self != .float32 && self != .float64 }

  /// The type of a name such as `int16`.
  public init?(name: String) {
    guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }

  /// A code with the name that the NIfTI standard gives it, for messages.
  static func describe(_ code: Int) -> String {
    let refused = [
      0: "unknown", 1: "binary", 32: "complex64", 128: "rgb24", 1536: "float128",
      1792: "complex128", 2048: "complex256", 2304: "rgba32",
    ]
    guard let name = VoxelType(rawValue: code)?.name ?? refused[code] else { return "\(code)" }
    return "\(code) (\(name))"
  }
}

/// The order of the bytes of a number.
public enum ByteOrder: Sendable, Equatable {
  /// Least significant byte first, as on all machines this runs on.
  case little
  /// Most significant byte first.
  case big
}
