/// Turns values into stored voxels, little-endian.
struct VoxelEncoder {
  let type: VoxelType
  let scaling: NIfTIHeader.Scaling?
  /// Values that the type cannot hold, stored as the nearest that it can.
  ///
  /// A value that is not a number counts too; it is stored as 0.
  private(set) var saturatedCount = 0
  /// Values that are NaN or infinite, whatever the type.
  private(set) var nonFiniteCount = 0

  init(type: VoxelType, scaling: NIfTIHeader.Scaling?) {
    self.type = type
    self.scaling = scaling
  }

  /// Stores values.
  ///
  /// - Parameters:
  ///   - values: Any values.
  ///   - stored: Room for `values.count * type.bytes` bytes, any alignment.
  mutating func encode(
    _ values: UnsafeBufferPointer<Float>, into stored: UnsafeMutableRawBufferPointer
  ) {
    nonFiniteCount += Self.nonFiniteCount(values)
    switch type {
    case .float32:
      guard scaling != nil else {
        stored.copyMemory(from: UnsafeRawBufferPointer(values))
        return
      }
      encode(values, stored) { Float($0).bitPattern.littleEndian }
    case .float64: encode(values, stored) { $0.bitPattern.littleEndian }
    case .uint8: encodeIntegers(UInt8.self, values, stored)
    case .int8: encodeIntegers(Int8.self, values, stored)
    case .int16: encodeIntegers(Int16.self, values, stored)
    case .uint16: encodeIntegers(UInt16.self, values, stored)
    case .int32: encodeIntegers(Int32.self, values, stored)
    case .uint32: encodeIntegers(UInt32.self, values, stored)
    case .int64: encodeIntegers(Int64.self, values, stored)
    case .uint64: encodeIntegers(UInt64.self, values, stored)
    }
  }

  /// Without a branch or a check of overflow, so that it is vectorised and costs less than copying.
  private static func nonFiniteCount(_ values: UnsafeBufferPointer<Float>) -> Int {
    var count = 0
    for value in values { count &+= value.isFinite ? 0 : 1 }
    return count
  }

  private mutating func encodeIntegers<Stored: FixedWidthInteger>(
    _: Stored.Type, _ values: UnsafeBufferPointer<Float>, _ stored: UnsafeMutableRawBufferPointer
  ) {
    let range = type.storedRange
    var saturated = 0
    encode(values, stored) { value in
      let rounded = value.rounded(.toNearestOrEven)
      // Also false for a value that is not a number.
      if range.contains(rounded) { return Stored(rounded).littleEndian }
      saturated += 1
      if rounded.isNaN { return 0 }
      return Stored(rounded < range.lowerBound ? range.lowerBound : range.upperBound).littleEndian
    }
    saturatedCount += saturated
  }

  private func encode<Stored>(
    _ values: UnsafeBufferPointer<Float>, _ stored: UnsafeMutableRawBufferPointer,
    _ pattern: (Double) -> Stored
  ) {
    let size = MemoryLayout<Stored>.size
    let slope = scaling?.slope ?? 1
    let intercept = scaling?.intercept ?? 0
    for (index, value) in values.enumerated() {
      stored.storeBytes(
        of: pattern((Double(value) - intercept) / slope), toByteOffset: size * index,
        as: Stored.self)
    }
  }
}
