import Foundation
import KernelInterface
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import Metrics

/// The local phase coherence sharpness index against the stored values of an independent port.
@Suite struct PhaseCoherenceTests {
  /// What the manifest allows for transforms in float32.
  private static let tolerance = 1e-5

  /// The plain loops take seconds per slice.
  static let sets = InstructionSet.available.filter { $0 != .generic }

  private struct Stored: Decodable {
    struct Value: Decodable {
      var id: String
      var metric: String
      var slice: String?
      var quantise: Bool?
    }
    var values: [Value]
  }

  private func expected(_ id: String, _ name: String = "") throws -> Double {
    let value = try #require(try StoredMetrics.load().values.first { $0.id == id })
    return try #require(value.expected[name])
  }

  private func meter(_ slice: GraySlice, _ table: KernelTable) throws -> PhaseCoherence {
    try PhaseCoherence(
      LogGaborFilters(rows: slice.rows, columns: slice.columns, kernels: table))
  }

  private func index(_ slice: GraySlice, _ table: KernelTable) throws -> Double? {
    try meter(slice, table).index(slice)
  }

  private static func array(_ name: String) throws -> NumPyArray {
    try NumPyArray(contentsOf: Golden.folder("metrics").appendingPathComponent(name))
  }

  @Test(arguments: sets)
  func slicesHaveTheirStoredIndex(_ set: InstructionSet) throws {
    let table = try KernelTables.table(for: set)
    let stored = try #require(try Golden.json("metrics") as? [String: Any])
    let values = try JSONDecoder().decode(
      Stored.self, from: JSONSerialization.data(withJSONObject: stored)
    ).values.filter { $0.metric == "lpcsi" && $0.slice != nil }
    #expect(values.count == 12)
    for value in values {
      let array = try Self.array(try #require(value.slice))
      let slice = GraySlice(
        array.values, columns: array.shape[1], limits: (0, 1), isRounded: value.quantise ?? true)
      let found = try #require(try index(slice, table))
      let expected = try expected(value.id)
      #expect(abs(found - expected) <= Self.tolerance, "\(value.id): \(found), not \(expected)")
    }
  }

  @Test(arguments: sets)
  func theMapIsTheStoredOne(_ set: InstructionSet) throws {
    let table = try KernelTables.table(for: set)
    let array = try Self.array("slice_axial_hr.npy")
    let slice = GraySlice(array.values, columns: array.shape[1], limits: (0, 1))
    let found = try meter(slice, table).map(slice)
    let expected = try Self.array("lpcsi_map_axial_hr.npy").values
    #expect(found.count == expected.count)
    let largest = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .nan
    #expect(largest <= 1e-4, "\(largest)")
  }

  @Test(arguments: sets)
  func patternsHaveTheirStoredIndex(_ set: InstructionSet) throws {
    let table = try KernelTables.table(for: set)
    func index(_ value: (_ row: Int, _ column: Int) -> Double) throws -> Double {
      let values = (0..<128).flatMap { row in (0..<160).map { value(row, $0) } }
      return try #require(
        try self.index(GraySlice(values, columns: 160, limits: (0, 255)), table))
    }
    let ramp = try index { row, column in
      floor(127.5 + 100 * tanh((Double(row - 64) + 0.1 * Double(column) - 8) / 4) + 0.5)
    }
    #expect(try abs(ramp - expected("lpcsi_ramp")) <= Self.tolerance, "\(ramp)")
    let checker = try index { row, column in 20 + 200 * Double((row / 24 + column / 20) % 2) }
    #expect(try abs(checker - expected("lpcsi_checker")) <= Self.tolerance, "\(checker)")
    #expect(try index { _, _ in 7 } == 0)
  }

  @Test(arguments: sets)
  func allSlicesOfAVolumeHaveTheirStoredIndex(_ set: InstructionSet) throws {
    let table = try KernelTables.table(for: set)
    let pool = try WorkerPool(threads: 2)
    let truth = try StoredMetrics.volume("ref.npy")
    let limits = (low: 0.0, high: Double(truth.voxels.max() ?? 0))
    for name in ["ref", "cubic", "noisy"] {
      let file = name == "ref" ? "ref.npy" : "img_\(name).npy"
      let volume = try StoredMetrics.volume(file)
      let scores = try VolumeSharpness(size: volume.size)
        .coherence(volume.voxels, limits: limits, kernels: table, pool: pool)
      let stored = try StoredMetrics.slices("lpcsi_slices_\(name).npy")
      let found = scores.values.joined().compactMap { $0 }
      #expect(found.count == stored.count)
      for (slice, (found, expected)) in zip(found, stored).enumerated() {
        #expect(abs(found - expected) <= Self.tolerance, "\(name), slice \(slice): \(found)")
      }
      let mean = try expected("lpcsi_volume_\(name)")
      #expect(abs(scores.mean - mean) <= Self.tolerance, "\(name): \(scores.mean)")
    }
  }

  @Test func aVolumeOfEightBitsHasItsStoredIndexForAnyNumberOfThreads() throws {
    let table = try KernelTables.table(for: .best)
    let block = try StoredMetrics.volume("block_u8.npy")
    let meter = VolumeSharpness(size: block.size)
    let runs = try [1, 2].map { threads in
      try meter.coherence(
        block.voxels, limits: (0, 255), kernels: table, pool: try WorkerPool(threads: threads))
    }
    #expect(runs[0] == runs[1])
    let stored = try StoredMetrics.slices("block_u8_lpcsi.npy")
    for (found, expected) in zip(runs[0].values.joined(), stored) {
      #expect(abs(try #require(found) - expected) <= Self.tolerance)
    }
    #expect(try abs(runs[0].mean - expected("block_u8_lpcsi", "all")) <= Self.tolerance)
  }

  @Test func slicesWithASideBelowEightAreSkipped() throws {
    let table = try KernelTables.table(for: .best)
    let size = SIMD3(9, 8, 7)
    let voxels = (0..<size.x * size.y * size.z).map { Float($0 % 11) }
    let scores = try VolumeSharpness(size: size).coherence(
      voxels, limits: (0, 10), kernels: table, pool: try WorkerPool(threads: 1))
    #expect(scores.skippedCount == 9 + 8)
    #expect(scores.values[2].allSatisfy { $0 != nil })
    #expect(scores.mean.isFinite)
  }
}
