import Testing

@testable import Volumes

@Suite struct IntegerScalingTests {
  static let types = VoxelType.allCases.filter(\.isInteger)
  static let ranges: [ClosedRange<Float>] = [
    0...1, 0...255, -1...1, -1000...3000, 1e-30...2e-30, -3.4e38...3.4e38, 1e6...Float(1e6).nextUp,
    -Float.leastNormalMagnitude / 8...Float.leastNormalMagnitude / 8, 12345...12346,
    0...Float.leastNonzeroMagnitude, -7...(-3),
  ]

  @Test(arguments: types, [NIfTIVersion.one, .two])
  func bothEndsAreReachedWithoutSaturation(type: VoxelType, version: NIfTIVersion) {
    for range in Self.ranges {
      let scaling = NIfTIHeader.Scaling.covering(
        minimum: range.lowerBound, maximum: range.upperBound, type: type, version: version)
      #expect(scaling.slope > 0 && scaling.slope.isFinite && scaling.intercept.isFinite)
      if version == .one {
        #expect(Double(Float(scaling.slope)) == scaling.slope)
        #expect(Double(Float(scaling.intercept)) == scaling.intercept)
      }
      var encoder = VoxelEncoder(type: type, scaling: scaling)
      let values = [
        range.lowerBound, range.upperBound, range.lowerBound / 2 + range.upperBound / 2,
      ]
      let stored = encode(values, &encoder)
      #expect(encoder.saturatedCount == 0, "\(type) \(range) \(scaling)")
      let decoder = VoxelDecoder(type: type, order: .little, scaling: scaling)
      var decoded = [Double](repeating: 0, count: 3)
      stored.withUnsafeBytes { stored in
        decoded.withUnsafeMutableBufferPointer { decoder.decode(stored, into: $0) }
      }
      for (value, result) in zip(values, decoded) {
        // Half a step, and double rounding of numbers as large as the intercept.
        let limit =
          scaling.slope * 0.5 * (1 + 1e-6) + abs(scaling.intercept) * 0x1p-51
          + abs(Double(value)) * 0x1p-51
        #expect(abs(Double(value) - result) <= limit, "\(type) \(range) \(value) \(result)")
      }
    }
  }

  @Test(arguments: types)
  func aConstantIsExact(type: VoxelType) {
    let scaling = NIfTIHeader.Scaling.covering(
      minimum: 41.7, maximum: 41.7, type: type, version: .one)
    #expect(scaling == .init(slope: 1, intercept: Double(Float(41.7))))
  }

  @Test func valuesOutsideAreSaturatedAndCounted() {
    var encoder = VoxelEncoder(type: .uint8, scaling: nil)
    let values: [Float] = [-1, -0.4, 0, 0.5, 1.5, 2.5, 254.6, 255.4, 255.6, 300, .infinity, .nan]
    let stored = encode(values, &encoder)
    // Rounding to nearest, ties to even.
    #expect(stored == [0, 0, 0, 0, 2, 2, 255, 255, 255, 255, 255, 0])
    // -1, 255.6 (rounds to 256), 300, infinity and the one that is no number.
    #expect(encoder.saturatedCount == 5)
  }

  private func encode(_ values: [Float], _ encoder: inout VoxelEncoder) -> [UInt8] {
    var stored = [UInt8](repeating: 0, count: values.count * encoder.type.bytes)
    stored.withUnsafeMutableBytes { stored in
      values.withUnsafeBufferPointer { encoder.encode($0, into: stored) }
    }
    return stored
  }
}
