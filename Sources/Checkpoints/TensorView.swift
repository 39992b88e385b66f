/// Where a tensor lies in the bytes of a checkpoint file; nothing is copied until it is read.
///
/// All three containers store tensors uncompressed, so one description serves them all. Readers
/// make views only after checking every bound: the last element lies inside the file.
package struct TensorView: Sendable, Equatable {
  package var name: String
  package let elementType: ElementType
  /// Sizes, outermost first; empty for a scalar.
  package let shape: [Int]
  /// Distance between neighbours along each axis, in elements; 0 repeats one element.
  package let strides: [Int]
  /// Offset of the first element from the start of the file, in bytes; need not be aligned.
  package let byteOffset: Int

  package init(
    name: String, elementType: ElementType, shape: [Int], strides: [Int], byteOffset: Int
  ) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.strides = strides
    self.byteOffset = byteOffset
  }

  /// A view of elements in row-major order without gaps.
  package init(name: String, elementType: ElementType, rowMajor shape: [Int], byteOffset: Int) {
    self.init(
      name: name, elementType: elementType, shape: shape,
      strides: Self.rowMajorStrides(shape), byteOffset: byteOffset)
  }

  /// Number of elements; the reader has checked that the product fits.
  package var count: Int { shape.reduce(1, *) }

  /// Strides of row-major order.
  ///
  /// Sizes of zero count as one, so that nothing overflows where the product of the others was
  /// checked.
  package static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    }
    return strides
  }
}

// MARK: - Values

extension TensorView {
  /// The elements as float32 in row-major order.
  ///
  /// float16, bfloat16 and float32 convert exactly, float64 and integers are rounded to nearest; a
  /// float64 beyond float32 becomes infinite.
  package func floats(in bytes: UnsafeRawBufferPointer) -> [Float] {
    switch elementType {
    case .float32: elements(in: bytes) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case .float16: elements(in: bytes) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
    case .bfloat16:
      elements(in: bytes) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
    default: doubles(in: bytes).map { Float($0) }
    }
  }

  /// The elements as float64 in row-major order; integers beyond 2^53 are rounded to nearest.
  package func doubles(in bytes: UnsafeRawBufferPointer) -> [Double] {
    switch elementType {
    case .float64: elements(in: bytes) { Double(bitPattern: UInt64(littleEndian: $0)) }
    case .float32, .float16, .bfloat16: floats(in: bytes).map { Double($0) }
    case .int64: elements(in: bytes) { (raw: Int64) in Double(Int64(littleEndian: raw)) }
    case .int32: elements(in: bytes) { (raw: Int32) in Double(Int32(littleEndian: raw)) }
    case .int16: elements(in: bytes) { (raw: Int16) in Double(Int16(littleEndian: raw)) }
    case .int8: elements(in: bytes) { (raw: Int8) in Double(raw) }
    case .uint64: elements(in: bytes) { (raw: UInt64) in Double(UInt64(littleEndian: raw)) }
    case .uint32: elements(in: bytes) { (raw: UInt32) in Double(UInt32(littleEndian: raw)) }
    case .uint16: elements(in: bytes) { (raw: UInt16) in Double(UInt16(littleEndian: raw)) }
    case .uint8: elements(in: bytes) { (raw: UInt8) in Double(raw) }
    case .bool: elements(in: bytes) { (raw: UInt8) in raw == 0 ? 0 : 1 }
    }
  }

  /// Visits the elements in row-major order: the innermost axis in a loop, the others counted up
  /// like the digits of an odometer.
  private func elements<Raw: BitwiseCopyable, Value>(
    in bytes: UnsafeRawBufferPointer, _ convert: (Raw) -> Value
  ) -> [Value] {
    let total = count
    guard total > 0 else { return [] }
    let step = MemoryLayout<Raw>.size
    let innerCount = shape.last ?? 1
    let innerStride = (strides.last ?? 1) * step
    var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
    return [Value](unsafeUninitializedCapacity: total) { buffer, initialized in
      var written = 0
      var offset = byteOffset
      while true {
        var position = offset
        for _ in 0..<innerCount {
          let raw = bytes.loadUnaligned(fromByteOffset: position, as: Raw.self)
          buffer.initializeElement(at: written, to: convert(raw))
          written += 1
          position &+= innerStride
        }
        var axis = index.count - 1
        while axis >= 0 {
          index[axis] += 1
          offset += strides[axis] * step
          if index[axis] < shape[axis] { break }
          offset -= index[axis] * strides[axis] * step
          index[axis] = 0
          axis -= 1
        }
        if axis < 0 { break }
      }
      initialized = written
    }
  }
}
