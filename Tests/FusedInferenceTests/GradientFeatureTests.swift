import Foundation
import KernelInterface
import Networks
import SIMDKernels
import TestSupport
import Testing

@testable import FusedInference

/// Features and buckets beside those of another implementation (Tests/Golden/filters).
@Suite struct GradientFeatureTests {
  /// A stored voxel beside ours.
  private struct Comparison {
    let golden: FilterGolden
    let size: SIMD3<Int>
    let voxels: [Int]
    let features: FilterFeatures

    init(_ golden: FilterGolden, _ set: InstructionSet, isDouble: Bool = true) throws {
      self.golden = golden
      let size = try golden.size
      self.size = size
      let values = try golden.volume("lr.npy")
      let single = try PaddedVolume<Float>(values)
      let double = try PaddedVolume<Double>(values)
      features = try FilterFeatures(
        isDouble ? .double(double.pointer) : .single(single.pointer), size: size,
        reach: golden.patch / 2, hashing: try golden.hashing(),
        kernels: KernelTables.table(for: set))
      withExtendedLifetime((single, double)) {}
      voxels = try golden.usedVoxels().map { ($0.z * size.y + $0.y) * size.x + $0.x }
    }

    /// How far a voxel's features are from the nearest border, in the features' own units; strengths as
    /// a part of the border.
    func distances() throws -> [Double] {
      let hashing = try golden.hashing()
      let strengths = try golden.array("lambda.npy").values
      let (azimuth, polar) = (
        try golden.array("angle_p.npy").values, try golden.array("angle_t.npy").values
      )
      let coherence = try golden.array("coherence.npy").values
      func toAngle(_ angle: Double, _ bins: Int) -> Double {
        (0...bins).map { abs(angle - Double($0) * Double.pi / Double(bins)) }.min() ?? 0
      }
      return voxels.indices.map { index in
        let strength = hashing.strengthBorders.map { abs(strengths[3 * index] / $0 - 1) }
        let edge = hashing.coherenceBorders.map { abs(coherence[index] - $0) }
        return min(
          strength.min() ?? 1, edge.min() ?? 1, toAngle(azimuth[index], golden.bins.azimuth),
          toAngle(polar[index], golden.bins.polar))
      }
    }
  }

  @Test(arguments: [FilterGolden.small, .published], InstructionSet.available)
  func eigenvaluesCoherenceAndAnglesAgree(
    _ golden: FilterGolden, _ set: InstructionSet
  ) throws {
    let comparison = try Comparison(golden, set)
    let values = try golden.array("lambda.npy").values
    let coherence = try golden.array("coherence.npy").values
    let (azimuth, polar) = (
      try golden.array("angle_p.npy").values, try golden.array("angle_t.npy").values
    )
    let largest = values.max() ?? 1
    var worst = (value: 0.0, coherence: 0.0, angle: 0.0)
    for (index, voxel) in comparison.voxels.enumerated() {
      let system = comparison.features.systems[voxel]
      for number in 0..<3 {
        worst.value = max(worst.value, abs(system[number] - values[3 * index + number]))
      }
      worst.coherence = max(
        worst.coherence, abs(comparison.features.coherence[voxel] - coherence[index]))
      var (i, j, k) = (system[3], system[4], system[5])
      #expect(abs(i * i + j * j + k * k - 1) < 1e-12)
      if j < 0 { (i, j, k) = (-i, -j, -k) }
      // Directions are compared: the azimuth has no meaning where v runs along k.
      let stored = SIMD3(
        sin(polar[index]) * cos(azimuth[index]), sin(polar[index]) * sin(azimuth[index]),
        cos(polar[index]))
      let product = abs((stored * SIMD3(i, j, k)).sum())
      worst.angle = max(worst.angle, (2 * max(0, 1 - product)).squareRoot())
    }
    #expect(worst.value <= 1e-6 * largest, "\(set) \(worst)")
    #expect(worst.coherence <= 3e-5, "\(set) \(worst)")
    // Two directions of unit length whose product is right to 4e-7 (angles are stored in float32).
    #expect(worst.angle <= 1e-3, "\(set) \(worst)")
  }

  @Test(arguments: [FilterGolden.small, .published], InstructionSet.available)
  func bucketsAgreeButAtBorders(_ golden: FilterGolden, _ set: InstructionSet) throws {
    let stored = try golden.array("bucket.npy").values
    for isDouble in [true, false] {
      let comparison = try Comparison(golden, set, isDouble: isDouble)
      let distances = try comparison.distances()
      let different = comparison.voxels.indices.filter {
        comparison.features.buckets[comparison.voxels[$0]] != Int(stored[$0])
      }
      // Stored features are float32: 2e-7 of them. A volume in float32 moves them by as much again.
      let near = isDouble ? 1e-6 : 1e-5
      for index in different {
        #expect(distances[index] <= near, "\(set) \(index): \(distances[index])")
      }
      // The four borders are the features of four voxels, which rounding may put on either side.
      #expect(
        different.count <= (isDouble ? 4 : comparison.voxels.count / 1000),
        "\(set), double \(isDouble): \(different.count) of \(comparison.voxels.count)")
    }
  }
}
