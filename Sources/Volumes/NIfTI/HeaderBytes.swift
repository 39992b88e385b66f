/// Numbers in bytes, by place, width and byte order; every access is bounds-checked.
struct HeaderBytes {
  private(set) var bytes: [UInt8]
  let order: ByteOrder

  init(bytes: [UInt8], order: ByteOrder) {
    self.bytes = bytes
    self.order = order
  }

  /// The bit pattern of `width` bytes.
  private func pattern(_ offset: Int, _ width: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<width {
      let place = order == .little ? width - 1 - index : index
      value = value << 8 | UInt64(bytes[offset + place])
    }
    return value
  }

  private mutating func setPattern(_ offset: Int, _ width: Int, _ value: UInt64) {
    for index in 0..<width {
      let place = order == .little ? index : width - 1 - index
      bytes[offset + place] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
    }
  }

  /// A field of whole numbers; must not be asked for fields of real numbers.
  func whole(_ field: Field, at index: Int = 0) -> Int64 {
    let pattern = pattern(field.offset + index * field.kind.bytes, field.kind.bytes)
    return switch field.kind {
    case .uint8: Int64(pattern)
    case .int16: Int64(Int16(truncatingIfNeeded: pattern))
    case .int32: Int64(Int32(truncatingIfNeeded: pattern))
    case .int64: Int64(bitPattern: pattern)
    case .float32, .float64: preconditionFailure("a real field, read as a whole number")
    }
  }

  /// A field of real numbers, or of whole numbers as the nearest real one.
  func real(_ field: Field, at index: Int = 0) -> Double {
    let offset = field.offset + index * field.kind.bytes
    return switch field.kind {
    case .float32:
      Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern(offset, 4))))
    case .float64: Double(bitPattern: pattern(offset, 8))
    case .uint8, .int16, .int32, .int64: Double(whole(field, at: index))
    }
  }

  /// All numbers of a field.
  func reals(_ field: Field) -> [Double] { (0..<field.count).map { real(field, at: $0) } }

  /// The bytes of a text field.
  func text(_ field: Field) -> [UInt8] { Array(bytes[field.offset..<(field.offset + field.count)]) }

  /// Stores a whole number; one that the field cannot hold is cut to its low bytes, so the caller
  /// has checked the range where it matters.
  mutating func set(_ field: Field, at index: Int = 0, _ value: Int64) {
    setPattern(
      field.offset + index * field.kind.bytes, field.kind.bytes, UInt64(bitPattern: value))
  }

  /// Stores a real number, rounded to the width of the field.
  mutating func set(_ field: Field, at index: Int = 0, _ value: Double) {
    let offset = field.offset + index * field.kind.bytes
    switch field.kind {
    case .float32: setPattern(offset, 4, UInt64(Float(value).bitPattern))
    case .float64: setPattern(offset, 8, value.bitPattern)
    case .uint8, .int16, .int32, .int64: preconditionFailure("a whole field, given a real number")
    }
  }

  /// Stores all numbers of a field.
  mutating func set(_ field: Field, _ values: [Double]) {
    for (index, value) in values.enumerated() { set(field, at: index, value) }
  }

  /// Stores a text, cut or filled with NUL to the length of the field.
  mutating func set(_ field: Field, text: [UInt8]) {
    for index in 0..<field.count {
      bytes[field.offset + index] = index < text.count ? text[index] : 0
    }
  }
}
