/// The header of a NumPy array (`.npy`, formats 1 to 3): element type, order, sizes, and where the
/// values begin.
///
/// The header is a Python dictionary in text. It is read by a grammar of its own, not as Python: the
/// keys `descr`, `fortran_order` and `shape`, each once, then blanks and a line feed.
package struct NumPyHeader: Sendable, Equatable {
  static let mostAxes = 8
  /// Longest header text; NumPy refuses to read 10000 bytes or more.
  static let longestText = 10_000

  package let elementType: ElementType
  package let isBigEndian: Bool
  /// Whether the first axis varies fastest.
  package let isFortranOrder: Bool
  /// Sizes, outermost first; empty for a scalar.
  package let shape: [Int]
  /// Where the values begin, in bytes from the start of the file.
  package let valuesOffset: Int

  /// Reads and checks the header of a whole array in memory.
  ///
  /// - Throws: ``NumPyFault``, also where the array has not exactly as many bytes as its sizes need.
  package init(_ array: UnsafeRawBufferPointer) throws(NumPyFault) {
    let text = try Self.text(of: array)
    valuesOffset = text.end
    var parser = NumPyHeaderParser(text.bytes)
    let fields = try parser.dictionary()
    (elementType, isBigEndian) = try Self.elementType(fields.descriptor)
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape
    // The sizes other than zero must multiply without overflow, or strides would not.
    var product = elementType.byteCount
    for size in shape where size != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { throw .shapeOverflow }
      product = next
    }
    let bytes = shape.contains(0) ? 0 : product
    guard bytes == array.count - valuesOffset else {
      throw .length(needed: bytes, has: array.count - valuesOffset)
    }
  }

  /// All values as float32, last axis fastest.
  ///
  /// - Parameter array: The array that the header was read from.
  /// - Returns: As many as the sizes say.
  package func floats(in array: UnsafeRawBufferPointer) -> [Float] {
    guard isBigEndian, elementType.byteCount > 1 else { return view.floats(in: array) }
    var swapped = Array(array)
    for start in stride(from: valuesOffset, to: swapped.count, by: elementType.byteCount) {
      swapped[start..<(start + elementType.byteCount)].reverse()
    }
    return swapped.withUnsafeBytes { view.floats(in: $0) }
  }

  private var view: TensorView {
    var strides = TensorView.rowMajorStrides(isFortranOrder ? shape.reversed() : shape)
    if isFortranOrder { strides.reverse() }
    return TensorView(
      name: "", elementType: elementType, shape: shape, strides: strides,
      byteOffset: valuesOffset)
  }
}

// MARK: - Arrays of floating-point numbers

extension NumPyHeader {
  /// Reads an array of floating-point numbers: sizes, how they are stored, and all values.
  ///
  /// - Throws: ``NumPyFault``, also for other element types.
  static func floatingPoint(
    _ array: [UInt8]
  ) throws(NumPyFault) -> (shape: [Int], elementType: ElementType, values: [Float]) {
    try array.withUnsafeBufferPointer { bytes throws(NumPyFault) in
      let raw = UnsafeRawBufferPointer(bytes)
      let header = try NumPyHeader(raw)
      guard header.elementType.isFloatingPoint else {
        throw .elementType(header.elementType.rawValue)
      }
      return (header.shape, header.elementType, header.floats(in: raw))
    }
  }
}

// MARK: - Parts

extension NumPyHeader {
  /// The dictionary's text between the fixed start and the values.
  private static func text(
    of array: UnsafeRawBufferPointer
  ) throws(NumPyFault) -> (bytes: UnsafeRawBufferPointer, end: Int) {
    guard array.count >= 10, array.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw .magic
    }
    guard (1...3).contains(array[6]) else { throw .version(Int(array[6])) }
    let isShort = array[6] == 1
    let start = isShort ? 10 : 12
    let stated =
      isShort
      ? array.integer(at: 8, as: UInt16.self).map { Int($0) }
      : array.integer(at: 8, as: UInt32.self).map { Int($0) }
    guard let length = stated, length <= longestText,
      let bytes = array.slice(at: start, length: length)
    else { throw .headerLength(stated ?? 0) }
    return (bytes, start + length)
  }

  /// Reads `<f4` and the like.
  private static func elementType(
    _ text: String
  ) throws(NumPyFault) -> (ElementType, isBigEndian: Bool) {
    guard let order = text.utf8.first, "<>|=".utf8.contains(order) else {
      throw .elementType(text)
    }
    let name = text.dropFirst()
    if name.hasPrefix("O") { throw .objects }
    guard let type = elementTypes[String(name)] else { throw .elementType(text) }
    return (type, order == UInt8(ascii: ">"))
  }

  private static let elementTypes: [String: ElementType] = [
    "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16,
    "i1": .int8, "u8": .uint64, "u4": .uint32, "u2": .uint16, "u1": .uint8, "b1": .bool,
  ]
}
