import KernelInterface
import SIMDKernels
import TestSupport
import Testing
import Workers

@testable import Metrics

/// Every stored value within its stated tolerance.
@Suite struct GoldenTests {
  private func measured(
    _ value: StoredMetrics.Value, _ kernels: KernelTable, _ pool: WorkerPool
  ) throws -> Double? {
    guard let name = value.image else { return nil }
    let pair = try StoredMetrics.pair(name)
    let mask = try StoredMetrics.mask(value.mask)
    switch value.metric {
    case "psnr": return try VoxelErrors(pair, mask: mask, pool: pool).peakSignalToNoise
    case "mse": return try VoxelErrors(pair, mask: mask, pool: pool).meanSquared
    case "mae": return try VoxelErrors(pair, mask: mask, pool: pool).meanAbsolute
    case "nrmse":
      let normalisation = VoxelErrors.Normalisation(rawValue: value.normalisation ?? "euclidean")
      return try VoxelErrors(pair, mask: mask, pool: pool)
        .normalisedRootMeanSquare(try #require(normalisation))
    case "ssim3d":
      return try StructuralSimilarity(
        pair, masks: [mask], window: value.gaussian == true ? .gaussian : .uniform,
        kernels: kernels, pool: pool
      ).means[0]
    case "hfen3d": return try HighFrequencyError(pair, masks: [mask], pool: pool).ratios[0]
    default: return nil
    }
  }

  @Test(arguments: InstructionSet.available)
  func storedValuesAgree(_ set: InstructionSet) throws {
    let kernels = try KernelTables.table(for: set)
    let pool = try WorkerPool(threads: 2)
    var checked = 0
    for value in try StoredMetrics.load().values {
      guard let expected = value.expected[""] ?? value.expected["normalised"],
        let found = try measured(value, kernels, pool)
      else { continue }
      #expect(value.agrees(found, with: expected), "\(value.id): \(found), not \(expected)")
      checked += 1
    }
    // 4 of PSNR, MSE and MAE each, 8 of NRMSE and SSIM, 4 of HFEN.
    #expect(checked == 32)
  }

  @Test func filteredDifferencesHaveTheStoredNorm() throws {
    let pool = try WorkerPool(threads: 1)
    for value in try StoredMetrics.load().values {
      guard let norm = value.expected["numerator"], let image = value.image else { continue }
      let found = try HighFrequencyError(try StoredMetrics.pair(image), pool: pool).errorNorms[0]
      #expect(value.agrees(found, with: norm), "\(value.id): \(found), not \(norm)")
    }
  }

  @Test func theLaplacianOfAGaussianIsTheStoredKernel() throws {
    let stored = try #require(try StoredMetrics.load().values.first { $0.id == "log_kernel" })
    let kernel = LaplacianOfGaussian()
    let reach = -LaplacianOfGaussian.radius...LaplacianOfGaussian.radius
    var sum = 0.0
    var sizes = 0.0
    for x in reach {
      for y in reach {
        for z in reach {
          sum += kernel.weight(x, y, z)
          sizes += abs(kernel.weight(x, y, z))
        }
      }
    }
    let found = [
      "centre": kernel.weight(0, 0, 0), "x1": kernel.weight(1, 0, 0),
      "x1y1": kernel.weight(1, 1, 0), "x3": kernel.weight(3, 0, 0),
      "corner": kernel.weight(7, 7, 7), "abs_sum": sizes, "sum": sum,
    ]
    #expect(Set(found.keys) == Set(stored.expected.keys))
    for (name, expected) in stored.expected {
      #expect(stored.agrees(try #require(found[name]), with: expected), "\(name)")
    }
  }

  @Test func overlapsOfStoredLabelsAgree() throws {
    let pool = try WorkerPool(threads: 2)
    for name in ["cubic", "noisy"] {
      let stored = try #require(
        try StoredMetrics.load().values.first { $0.id == "dice_\(name)" })
      let overlap = LabelOverlap(
        try StoredMetrics.pair("seg_\(name).npy", against: "seg_ref.npy"), pool: pool)
      #expect(overlap.labels == [1, 2, 3])
      for (label, expected) in stored.expected {
        let found = overlap.dice(try #require(Float(label)))
        #expect(stored.agrees(found, with: expected), "\(name) \(label): \(found)")
      }
    }
  }
}
