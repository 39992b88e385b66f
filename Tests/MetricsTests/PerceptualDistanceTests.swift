import Checkpoints
import Foundation
import KernelInterface
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import Metrics

/// LPIPS against values of the published package with a made-up backbone and the real linear parts.
@Suite struct PerceptualDistanceTests {
  /// What the manifest allows for float32, relative.
  private static let tolerance = 1e-4

  static let cases = PhaseCoherenceTests.sets.flatMap { set in
    PerceptualNetwork.allCases.map { Case(set: set, network: $0) }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let set: InstructionSet
    let network: PerceptualNetwork
    var testDescription: String { "\(set.rawValue), \(network.rawValue)" }
  }

  private func distance(
    _ network: PerceptualNetwork, _ table: KernelTable,
    name: (_ slice: Int, _ number: Int, _ part: String) -> String = { "features.\($1).\($2)" }
  ) throws -> PerceptualDistance {
    try PerceptualDistance(
      network, backbone: SyntheticBackbone.checkpoint(network, name: name),
      heads: SyntheticBackbone.heads(network), kernels: table)
  }

  private func expected(_ id: String) throws -> Double {
    let value = try #require(try StoredMetrics.load().values.first { $0.id == id })
    return try #require(value.expected[""])
  }

  private func isNear(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= Self.tolerance * abs(expected)
  }

  @Test(arguments: cases)
  func allSlicesHaveTheirStoredDistance(_ test: Case) throws {
    let truth = try StoredMetrics.volume("ref.npy")
    let names = ["cubic", "noisy"]
    let results = try names.map { try StoredMetrics.volume("img_\($0).npy").voxels }
    let metric = try distance(test.network, try KernelTables.table(for: test.set))
    let scores = try metric.scores(
      of: results, against: truth.voxels, size: truth.size, pool: try WorkerPool(threads: 2))
    for (name, scores) in zip(names, scores) {
      let network = test.network.rawValue
      let stored = try StoredMetrics.slices("lpips_\(network)_slices_\(name).npy")
      let found = scores.values.joined().compactMap { $0 }
      #expect(found.count == stored.count)
      for (slice, (found, expected)) in zip(found, stored).enumerated() {
        #expect(isNear(found, expected), "\(name), slice \(slice): \(found), not \(expected)")
      }
      let mean = try expected("lpips_\(network)_volume_\(name)")
      #expect(isNear(scores.mean, mean), "\(name): \(scores.mean), not \(mean)")
    }
    // Alone, a volume has the same distances as beside another.
    let alone = try metric.scores(
      of: [results[1]], against: truth.voxels, size: truth.size, pool: try WorkerPool(threads: 1))
    #expect(alone[0] == scores[1])
  }

  @Test(arguments: cases)
  func emptyAndSmallSlicesHaveTheirStoredDistance(_ test: Case) throws {
    let truth = try StoredMetrics.volume("ref.npy")
    let low = truth.voxels.min() ?? 0
    let image = try StoredMetrics.volume("img_cubic.npy").voxels
    let metric = try distance(test.network, try KernelTables.table(for: test.set))
    let pool = try WorkerPool(threads: 2)
    let name = test.network.rawValue
    // Slice 18 across axis 2, against a slice that is least everywhere.
    let empty = [Float](repeating: low, count: truth.voxels.count)
    let scores = try metric.scores(
      of: [empty, truth.voxels], against: truth.voxels, size: truth.size, pool: pool)
    let found = try #require(scores[0].values[2][18])
    #expect(try isNear(found, expected("lpips_\(name)_zero_vs_ref")), "\(found)")
    #expect(scores[1].values.joined().allSatisfy { $0 == 0 })
    // The crop 40 x 34 of that slice, on the gray scale of the whole.
    let small = SIMD3(40, 34, 1)
    func crop(_ voxels: [Float]) -> [Float] {
      (0..<34).flatMap { j in (0..<40).map { voxels[(18 * truth.size.y + j) * truth.size.x + $0] } }
    }
    let cropped = SliceView(
      [crop(truth.voxels), crop(image)], size: small, axis: 2,
      limits: (Double(low), Double(truth.voxels.max() ?? 0)))
    let value = try metric.distances(cropped, slice: 0)[0]
    #expect(try isNear(value, expected("lpips_\(name)_40x34")), "\(value)")
  }

  @Test func savedModulesOfLPIPSHaveOtherNames() throws {
    let table = try KernelTables.table(for: .best)
    let truth = try StoredMetrics.volume("ref.npy")
    let image = try StoredMetrics.volume("img_cubic.npy").voxels
    let pool = try WorkerPool(threads: 2)
    let plain = try distance(.alex, table)
    let module = try distance(.alex, table) { "net.slice\($0).\($1).\($2)" }
    let scores = try [plain, module].map {
      try $0.scores(of: [image], against: truth.voxels, size: truth.size, pool: pool)
    }
    #expect(scores[0] == scores[1])
  }

  @Test func theMadeUpBackboneIsTheStoredOne() throws {
    for network in PerceptualNetwork.allCases {
      let stored = try #require(
        (try Golden.json("metrics") as? [String: Any])?["values"] as? [[String: Any]])
      let entry = try #require(
        stored.first { $0["id"] as? String == "synthetic_\(network.rawValue)" })
      let tensors = try #require(entry["expected"] as? [String: [String: Any]])
      let made = SyntheticBackbone.checkpoint(network) { "features.\($1).\($2)" }
      #expect(made.tensors.count == tensors.count)
      for tensor in made.tensors {
        let expected = try #require(tensors[tensor.name])
        #expect(tensor.shape == expected["shape"] as? [Int])
        let sum = tensor.values.reduce(0.0) { $0 + Double($1) }
        #expect(abs(sum - (try #require(expected["sum_f64"] as? Double))) < 1e-9)
      }
    }
  }

  @Test func filesThatLackATensorAreRefused() throws {
    let table = try KernelTables.table(for: .best)
    var backbone = SyntheticBackbone.checkpoint(.alex) { "features.\($1).\($2)" }
    backbone.tensors.removeAll { $0.name == "features.3.bias" }
    let heads = try SyntheticBackbone.heads(.alex)
    #expect(
      throws: ComparisonError.weights(
        tensor: "features.3.bias", found: nil, wanted: [192],
        purpose: "the alex backbone of LPIPS")
    ) {
      try PerceptualDistance(.alex, backbone: backbone, heads: heads, kernels: table)
    }
    #expect(throws: ComparisonError.self) {
      try PerceptualDistance(.vgg, backbone: backbone, heads: heads, kernels: table)
    }
  }

  @Test func smallSlicesAreSkippedAndNonFiniteVolumesHaveNoDistance() throws {
    let table = try KernelTables.table(for: .best)
    let size = SIMD3(31, 32, 30)
    let truth = (0..<size.x * size.y * size.z).map { Float($0 % 97) }
    var broken = truth
    broken[5] = .nan
    let scores = try distance(.alex, table).scores(
      of: [truth.map { $0 + 1 }, broken], against: truth, size: size,
      pool: try WorkerPool(threads: 1))
    #expect(scores[0].skippedCount == 31 + 32)
    #expect(scores[0].mean > 0)
    #expect(scores[1].mean.isNaN)
  }
}
