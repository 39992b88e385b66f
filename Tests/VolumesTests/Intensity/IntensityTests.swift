import Foundation
import RandomNumbers
import Testing

@testable import Volumes

@Suite struct PercentileTests {
  /// The definition: sort, then interpolate between neighbours.
  private func sorted(_ values: [Float], _ percentile: Double) -> Double {
    let ordered = values.filter(\.isFinite).sorted()
    let position = percentile / 100 * Double(ordered.count - 1)
    let rank = Int(position)
    let upper = min(rank + 1, ordered.count - 1)
    return Double(ordered[rank])
      + (Double(ordered[upper]) - Double(ordered[rank])) * (position - Double(rank))
  }

  @Test(arguments: [1, 2, 3, 10, 101, 4097, 70_000])
  func percentilesAreThoseOfTheSortedValues(_ count: Int) throws {
    var generator = SplitMix64(seed: UInt64(count))
    let kinds: [[Float]] = [
      (0..<count).map { _ in .random(in: -1000...1000, using: &generator) },
      (0..<count).map { _ in Float(Int.random(in: 0...12, using: &generator)) },
      (0..<count).map { _ in
        Float(
          sign: .random(in: 0...1, using: &generator) == 0 ? .plus : .minus,
          exponent: Int.random(in: -120...120, using: &generator),
          significand: .random(in: 1..<2, using: &generator))
      },
    ]
    let wanted = [0, 0.1, 1, 25, 50, 73.21, 99.9, 100]
    for values in kinds {
      let measured = try #require(Percentiles.of(values, at: wanted))
      for (percentile, value) in zip(wanted, measured) {
        #expect(value == sorted(values, percentile), "\(count) values, percentile \(percentile)")
      }
    }
  }

  @Test func valuesThatAreNotFiniteTakeNoPart() throws {
    let values: [Float] = [.nan, 3, .infinity, 1, -.infinity, 2, .nan]
    #expect(Percentiles.of(values, at: [0, 50, 100]) == [1, 2, 3])
    #expect(Percentiles.of([.nan, .infinity], at: [50]) == nil)
    #expect(Percentiles.of([], at: [50]) == nil)
  }
}

@Suite struct NormalisationTests {
  @Test(
    arguments: [
      ("none", Normalisation.none), ("minmax", .minmax),
      ("percentile:0.1,99.9", .percentile(0.1, 99.9)), ("percentile:0,100", .percentile(0, 100)),
      ("scale:1000", .scale(1000)), ("scale:0.25", .scale(0.25)),
    ])
  func textFormsAreReadAndWritten(_ text: String, _ value: Normalisation) {
    #expect(Normalisation(text) == value)
    #expect(value.description == text)
  }

  @Test(
    arguments: [
      "", "None", "percentile", "percentile:", "percentile:1", "percentile:1,2,3", "percentile:9,1",
      "percentile:5,5", "percentile:-1,50", "percentile:0,101", "percentile:nan,3", "percentile:1,",
      "scale:", "scale:0", "scale:-1", "scale:inf", "scale:nan", "scale:1,2", "minmax:1", "scale",
      "scale:abc", "percentile: 1, 2", "scale:1e-45", "scale:1e39", "scale:1e300",
    ])
  func otherTextIsRefused(_ text: String) {
    #expect(Normalisation(text) == nil)
  }

  @Test func mapsTakeLowToZeroAndHighToOne() {
    let voxels: [Float] = [-2, 0, 6, 1, 3]
    let minmax = IntensityMap.measured(.minmax, voxels: voxels)
    #expect(minmax == IntensityMap(low: -2, high: 6))
    #expect(minmax.normalise([-2, 6, 2]) == [0, 1, 0.5])
    #expect(IntensityMap.measured(.percentile(25, 75), voxels: voxels) == .init(low: 0, high: 3))
    #expect(IntensityMap.measured(.scale(4), voxels: voxels).normalise([2]) == [0.5])
    #expect(IntensityMap.measured(.none, voxels: voxels) == .identity)
  }

  @Test func nothingIsClipped() {
    let map = IntensityMap(low: 10, high: 20)
    #expect(map.normalise([0, 40]) == [-1, 3])
  }

  @Test func valuesComeBackToWithinHalfAnUnitOfTheirLastPlace() {
    var generator = SplitMix64(seed: 4)
    let map = IntensityMap(low: -3.75, high: 1873.5)
    for _ in 0..<1000 {
      let value = Float.random(in: 0...2000, using: &generator)
      let back = map.denormalise(map.normalise(value))
      // One rounding in the network's range, one on the way back.
      #expect(abs(back - value) <= Float(1873.5).ulp)
    }
  }

  @Test func noneChangesNoBit() {
    let voxels: [Float] = [-0.0, .leastNonzeroMagnitude, 1e38, -7.25]
    let map = IntensityMap.measured(.none, voxels: voxels)
    #expect(map.normalise(voxels).map(\.bitPattern) == voxels.map(\.bitPattern))
  }

  @Test(arguments: [Float(0), 5, -3, 1e30, -3e38])
  func constantVolumesBecomeZeroAndComeBack(_ value: Float) {
    let voxels = [Float](repeating: value, count: 50)
    for normalisation in [Normalisation.minmax, .percentile(1, 99)] {
      let map = IntensityMap.measured(normalisation, voxels: voxels)
      #expect(map.normalise(value) == 0)
      #expect(map.denormalise(0) == value)
      #expect(map.high > map.low)
    }
    #expect(IntensityMap.measured(.minmax, voxels: [5, 5]).high == 6)
  }

  @Test func volumesWithoutFiniteValuesGetTheIdentity() {
    #expect(IntensityMap.measured(.minmax, voxels: [.nan, .infinity]) == .identity)
    #expect(IntensityMap.measured(.percentile(1, 99), voxels: [.nan]) == .identity)
    #expect(IntensityMap.measured(.minmax, voxels: [.nan, 1, .infinity, 3]).high == 3)
  }

  @Test func rangesLimitValues() throws {
    let range = try #require(IntensityRange(ofFinite: [2, .nan, -1, 7, .infinity]))
    #expect(range == IntensityRange(low: -1, high: 7))
    var values: [Float] = [-5, -1, 3, 7, 9]
    values.withUnsafeMutableBufferPointer { range.clamp($0) }
    #expect(values == [-1, -1, 3, 7, 7])
    #expect(IntensityRange(low: 3, high: 2) == nil)
    #expect(IntensityRange(low: .nan, high: 2) == nil)
  }
}
