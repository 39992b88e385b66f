import Foundation
import TestSupport
import Testing
import Workers

@testable import Metrics

/// The perceptual sharpness index against the stored values of an independent port.
@Suite struct SharpnessTests {
  private struct Stored: Decodable {
    struct Value: Decodable {
      var id: String
      var metric: String
      var slice: String?
      var quantise: Bool?
    }
    var values: [Value]
  }

  private static func array(_ name: String) throws -> NumPyArray {
    try NumPyArray(contentsOf: Golden.folder("metrics").appendingPathComponent(name))
  }

  private func expected(_ id: String) throws -> [String: Double] {
    try #require(try StoredMetrics.load().values.first { $0.id == id }).expected
  }

  private func meter(_ slice: GraySlice) throws -> PerceptualSharpness {
    try PerceptualSharpness(rows: slice.rows, columns: slice.columns)
  }

  /// Rows and columns exchanged.
  private func transposed(_ array: NumPyArray) -> [Double] {
    let (rows, columns) = (array.shape[0], array.shape[1])
    return (0..<columns).flatMap { q in (0..<rows).map { array.values[$0 * columns + q] } }
  }

  @Test func slicesHaveTheirStoredIndex() throws {
    let stored = try Golden.json("metrics") as? [String: Any]
    let values = try JSONDecoder().decode(
      Stored.self, from: JSONSerialization.data(withJSONObject: try #require(stored))
    ).values.filter { $0.metric == "psi" && $0.slice != nil }
    #expect(values.count == 18)
    for value in values {
      let array = try Self.array(try #require(value.slice))
      let isTransposed = value.id.hasSuffix("transposed")
      let slice = GraySlice(
        isTransposed ? transposed(array) : array.values,
        columns: array.shape[isTransposed ? 0 : 1], limits: (0, 1),
        isRounded: value.quantise ?? true)
      let index = try meter(slice).index(slice)
      let expected = try #require(try expected(value.id)[""])
      #expect(abs(index - expected) <= 1e-9, "\(value.id): \(index), not \(expected)")
    }
  }

  @Test func edgesAreTheStoredOnes() throws {
    let array = try Self.array("slice_axial_hr.npy")
    let slice = GraySlice(array.values, columns: array.shape[1], limits: (0, 1))
    let expected = try Self.array("psi_edges_axial_hr.npy").values.map { $0 != 0 }
    #expect(try meter(slice).edges(slice) == expected)
  }

  @Test func patternsHaveTheirStoredIndex() throws {
    func index(_ value: (_ row: Int, _ column: Int) -> Double) throws -> Double {
      let values = (0..<128).flatMap { row in (0..<160).map { value(row, $0) } }
      let slice = GraySlice(values, columns: 160, limits: (0, 255))
      return try meter(slice).index(slice)
    }
    let ramp = try index { row, column in
      floor(127.5 + 100 * tanh((Double(row - 64) + 0.1 * Double(column) - 8) / 4) + 0.5)
    }
    #expect(abs(ramp - (try #require(try expected("psi_ramp")[""]))) <= 1e-9)
    let checker = try index { row, column in 20 + 200 * Double((row / 24 + column / 20) % 2) }
    #expect(abs(checker - (try #require(try expected("psi_checker")[""]))) <= 1e-9)
    #expect(try index { _, _ in 7 } == 0)
  }

  @Test func allSlicesOfAVolumeHaveTheirStoredIndex() throws {
    let block = try StoredMetrics.volume("block_u8.npy")
    let pool = try WorkerPool(threads: 2)
    let meter = VolumeSharpness(size: block.size)
    let sharpness = try meter.perceptual(block.voxels, limits: (0, 255), pool: pool)
    let expected = try Self.array("block_u8_psi.npy").values
    let found = sharpness.values.joined().compactMap { $0 }
    #expect(found.count == expected.count)
    for (slice, (index, stored)) in zip(found, expected).enumerated() {
      #expect(abs(index - stored) <= 1e-9, "slice \(slice)")
    }
    let means = try self.expected("block_u8_psi")
    #expect(abs(sharpness.mean - (means["all"] ?? .nan)) <= 1e-9)
    #expect(means["positive"].map { Int($0) } == found.count { $0 > 0 })
    let single = try WorkerPool(threads: 1)
    #expect(try meter.perceptual(block.voxels, limits: (0, 255), pool: single) == sharpness)
    let undefined = try VolumeSharpness(size: SIMD3(1, 1, 1))
      .perceptual([.nan], limits: (0, 1), pool: pool)
    #expect(undefined.mean.isNaN)
  }
}
