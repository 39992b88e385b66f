import Foundation
import TestSupport
import Testing
import Workers

@testable import Metrics

/// The built-in segmentation against the labels and parameters of an independent port.
@Suite struct TissueSegmentationTests {
  private func volume(_ name: String) throws -> [Float] {
    try StoredMetrics.volume(name == "ref" ? "ref.npy" : "img_\(name).npy").voxels
  }

  @Test(arguments: ["ref", "cubic", "noisy"])
  func labelsAndParametersAreTheStoredOnes(_ name: String) throws {
    let reference = try StoredMetrics.volume("ref.npy")
    let mask: [UInt8] = reference.voxels.map { $0 > 0 ? 1 : 0 }
    let runs = try [1, 2].map { threads in
      TissueSegmentation(
        try volume(name), size: reference.size, mask: mask, pool: try WorkerPool(threads: threads))
    }
    #expect(runs[0] == runs[1])
    let found = runs[0]
    let stored = try StoredMetrics.volume("seg_\(name).npy").voxels
    let equal = zip(found.labels, stored).count { Float($0) == $1 }
    #expect(Double(equal) >= 0.9999 * Double(stored.count), "\(stored.count - equal) differ")
    let values = try #require(
      (try Golden.json("metrics") as? [String: Any])?["values"] as? [[String: Any]])
    let entry = try #require(values.first { $0["id"] as? String == "seg_\(name)" })
    let expected = try #require(entry["expected"] as? [String: Any])
    func isNear(_ found: [Double], _ key: String) throws -> Bool {
      let stored = try #require(expected[key] as? [Double])
      return zip(found, stored).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }
    }
    let model = try #require(found.model)
    #expect(try isNear(model.means, "mu"))
    #expect(try isNear(model.variances, "var"))
    #expect(try isNear(model.weights, "w"))
    let low = try #require(expected["lo"] as? Double)
    let high = try #require(expected["hi"] as? Double)
    #expect(abs(found.limits.low - low) <= 1e-6 * low)
    #expect(abs(found.limits.high - high) <= 1e-6 * high)
    let counts = try #require(expected["counts"] as? [Int])
    for (label, count) in counts.enumerated() {
      #expect(abs(found.labels.count { Int($0) == label } - count) <= 8)
    }
  }

  @Test func degenerateMasksHaveStatedResults() throws {
    let pool = try WorkerPool(threads: 1)
    let size = SIMD3(2, 2, 2)
    let voxels: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    let few = TissueSegmentation(voxels, size: size, mask: [1, 1, 0, 0, 0, 0, 0, 0], pool: pool)
    #expect(few.labels == [0, 0, 0, 0, 0, 0, 0, 0])
    let constant = TissueSegmentation(
      [Float](repeating: 3, count: 8), size: size, mask: [1, 1, 1, 0, 0, 0, 0, 1], pool: pool)
    #expect(constant.labels == [1, 1, 1, 0, 0, 0, 0, 1])
  }
}
