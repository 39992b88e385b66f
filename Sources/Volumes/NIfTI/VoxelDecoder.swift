/// Turns stored voxels into numbers.
struct VoxelDecoder {
  let type: VoxelType
  let order: ByteOrder
  let scaling: NIfTIHeader.Scaling?

  /// The values of stored voxels in double precision: the definition.
  ///
  /// - Parameters:
  ///   - stored: Whole voxels as they stand in the file; any alignment.
  ///   - values: Room for as many values.
  func decode(
    _ stored: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Double>
  ) {
    switch type {
    case .uint8: decode(UInt8.self, stored, values) { Double($0) }
    case .int8: decode(Int8.self, stored, values) { Double($0) }
    case .int16: decode(Int16.self, stored, values) { Double($0) }
    case .uint16: decode(UInt16.self, stored, values) { Double($0) }
    case .int32: decode(Int32.self, stored, values) { Double($0) }
    case .uint32: decode(UInt32.self, stored, values) { Double($0) }
    case .int64: decode(Int64.self, stored, values) { Double($0) }
    case .uint64: decode(UInt64.self, stored, values) { Double($0) }
    case .float32:
      decode(UInt32.self, stored, values) { Double(Float(bitPattern: $0)) }
    case .float64: decode(UInt64.self, stored, values) { Double(bitPattern: $0) }
    }
    guard let scaling else { return }
    for index in 0..<(stored.count / type.bytes) {
      // Two roundings, not a fused multiply-add: other readers do so, and golden files hold it.
      values[index] = scaling.slope * values[index] + scaling.intercept
    }
  }

  /// The values rounded once to float32.
  func decode(
    _ stored: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>,
    scratch: UnsafeMutableBufferPointer<Double>
  ) {
    let count = stored.count / type.bytes
    if type == .float32, scaling == nil {
      let isBig = order == .big
      for index in 0..<count {
        let pattern = stored.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        values[index] = Float(bitPattern: isBig ? pattern.byteSwapped : pattern)
      }
      return
    }
    var done = 0
    while done < count {
      let piece = min(scratch.count, count - done)
      let bytes = (done * type.bytes)..<((done + piece) * type.bytes)
      decode(UnsafeRawBufferPointer(rebasing: stored[bytes]), into: scratch)
      for index in 0..<piece { values[done + index] = Float(scratch[index]) }
      done += piece
    }
  }

  /// Whether a 64-bit integer is among the voxels that Double cannot hold exactly.
  func hasInexactInteger(_ stored: UnsafeRawBufferPointer) -> Bool {
    guard type == .int64 || type == .uint64 else { return false }
    let isBig = order == .big
    for index in 0..<(stored.count / 8) {
      let loaded = stored.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
      let pattern = isBig ? loaded.byteSwapped : loaded
      let magnitude = type == .int64 ? Int64(bitPattern: pattern).magnitude : pattern
      if magnitude > 1 << 53 { return true }
    }
    return false
  }

  private func decode<Stored: FixedWidthInteger>(
    _: Stored.Type, _ stored: UnsafeRawBufferPointer,
    _ values: UnsafeMutableBufferPointer<Double>, _ value: (Stored) -> Double
  ) {
    let size = MemoryLayout<Stored>.size
    let isBig = order == .big
    for index in 0..<(stored.count / size) {
      let loaded = stored.loadUnaligned(fromByteOffset: size * index, as: Stored.self)
      values[index] = value(isBig ? loaded.byteSwapped : loaded)
    }
  }
}
