import Foundation
import KernelInterface
import Testing

/// Exponential linear units against double precision.
struct ExponentialUnitTests {
  /// What the interface promises of the exponential.
  private static let bound = 4e-7

  @Test(arguments: allTables)
  func unitsAreWithinTheirBoundOverTheWholeRange(_ table: KernelTable) {
    let channels = 48
    var random = RandomValues(seed: 5)
    var values = random.values(40 * channels, scale: 4) + random.values(40 * channels, scale: 110)
    for (index, special) in [0, -0.0, 1e-30, -1e-30, -87, -88, -1e30, 1e30, -1e-4].enumerated() {
      values[index] = Float(special)
    }
    let scale = (0..<channels).map { _ in 1 + 0.3 * random.next() }
    let shift = random.values(channels, scale: 0.1)
    let results = run(table, values, channels: channels, scale: scale, shift: shift)
    for (index, result) in results.enumerated() {
      let channel = index % channels
      let product = Double(values[index]) * Double(scale[channel])
      let input = product + Double(shift[channel])
      let expected = input > 0 ? input : expm1(input)
      // The slope is 1 at most, so two roundings of the argument count in full.
      let argument = (abs(product) + abs(input)) * 0x1p-24 * min(1, exp(input) * 2)
      let bound = Self.bound + argument + abs(expected) * 0x1p-23
      #expect(abs(Double(result) - expected) <= bound, "\(input): \(result), \(expected)")
    }
  }

  @Test(arguments: allTables)
  func positiveValuesPassUnchangedAndNaNStays(_ table: KernelTable) {
    var values = (0..<32).map { Float($0) * 0.37 }
    values[5] = .nan
    let ones = [Float](repeating: 1, count: 16)
    let zeros = [Float](repeating: 0, count: 16)
    let results = run(table, values, channels: 16, scale: ones, shift: zeros)
    #expect(results[5].isNaN)
    for index in results.indices where index != 5 { #expect(results[index] == values[index]) }
  }

  private func run(
    _ table: KernelTable, _ values: [Float], channels: Int, scale: [Float], shift: [Float]
  ) -> [Float] {
    let buffers = [values, scale, shift].map { GuardedBuffer($0, misalignment: 1) }
    let target = GuardedBuffer(guarded: values.count, misalignment: 3)
    table.related.exponentialUnits(
      ExponentialUnitArguments(
        source: buffers[0].pointer, target: target.pointer, voxels: values.count / channels,
        channels: channels, scale: buffers[1].pointer, shift: buffers[2].pointer))
    withExtendedLifetime(buffers) { #expect(target.zonesAreIntact) }
    return target.values
  }
}
