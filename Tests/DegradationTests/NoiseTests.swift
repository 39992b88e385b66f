import Foundation
import RandomNumbers
import TestSupport
import Testing
import Volumes
import Workers

@testable import Degradation

@Suite struct NoiseTests {
  private func vectors() throws -> [String: Any] {
    let manifest = try Golden.json("degrade") as? [String: Any]
    return manifest?["noise_vectors"] as? [String: Any] ?? [:]
  }

  /// The volume of a golden array with its own i fastest, and where each voxel is in the array.
  private func places(_ golden: DegradeGolden) -> [Int] {
    let (nk, nj, ni) = (golden.size.x, golden.size.y, golden.size.z)
    var places: [Int] = []
    for k in 0..<nk { for j in 0..<nj { for i in 0..<ni { places.append((i * nj + j) * nk + k) } } }
    return places
  }

  @Test func knownAnswersOfTheGeneratorAgree() throws {
    let answers = try #require(try vectors()["philox4x32_10"] as? [[String: [String]]])
    #expect(answers.count == 5)
    for answer in answers {
      func words(_ key: String) -> [UInt32] {
        (answer[key] ?? []).compactMap { UInt32($0, radix: 16) }
      }
      let result = Philox.words(counter: SIMD4(words("counter")), key: SIMD2(words("key")))
      #expect(result == SIMD4(words("out")))
    }
  }

  @Test func knownNormalNumbersAgree() throws {
    let normals = try #require(try vectors()["normals"] as? [String: Any])
    let first = try #require(normals["n1"] as? [Double])
    let second = try #require(normals["n2"] as? [Double])
    for voxel in 0..<8 {
      let pair = NoiseModel.normals(
        counter: SIMD4(UInt32(voxel), 0, 0, 0), key: Philox.key(seed: 20_240_607))
      #expect(abs(pair.x - first[voxel]) < 1e-12 && abs(pair.y - second[voxel]) < 1e-12)
    }
  }

  @Test(arguments: [1, 2, 3]) func storedRicianVolumesAgree(_ threads: Int) throws {
    let pool = try WorkerPool(threads: threads)
    for (name, source, sigma, stream, tolerance) in [
      ("rician_002.npy", "crop_hr.npy", 0.02, UInt32(0), 1e-7),
      ("rayleigh_654.npy", "", 1, 3, 3e-7),
    ] {
      let golden = try DegradeGolden(name)
      let places = places(golden)
      let input = source.isEmpty ? nil : try DegradeGolden.volume(source).voxels
      var voxels = places.map { input?[$0] ?? 0 }
      let noise = NoiseModel(.rician, .sigma(sigma), seed: 20_240_607)
      voxels.withUnsafeMutableBufferPointer {
        noise.add(to: $0, sigma: sigma, stream: stream, pool: pool)
      }
      let deviation = Deviation(
        expected: places.map { golden.expected.values[$0] }, actual: voxels)
      #expect(deviation.maximum <= tolerance, "\(name): \(deviation)")
    }
  }

  /// The sampling error of mean and deviation of 10^6 draws is 1e-3 and 7e-4: five of them.
  @Test func gaussianNoiseHasItsMeanAndDeviation() throws {
    let pool = try WorkerPool(threads: 2)
    var voxels = [Float](repeating: 10, count: 1_000_000)
    let noise = NoiseModel(.gaussian, .share(0.5), seed: 42)
    let sigma = voxels.withUnsafeBufferPointer { noise.sigma(for: $0) }
    #expect(sigma == 0, "a constant volume has no range")
    voxels.withUnsafeMutableBufferPointer { noise.add(to: $0, sigma: 2, pool: pool) }
    let mean = voxels.reduce(0.0) { $0 + Double($1) } / 1e6
    let variance = voxels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 1e6
    #expect(abs(mean - 10) < 5 * 2e-3)
    #expect(abs(variance.squareRoot() - 2) < 5 * 1.4e-3)
  }

  @Test func framesSeedsAndVoxelsHaveNoiseOfTheirOwn() throws {
    let pool = try WorkerPool(threads: 1)
    func noise(seed: UInt64, frame: Int) -> [Float] {
      var voxels = [Float](repeating: 0, count: 100)
      voxels.withUnsafeMutableBufferPointer {
        NoiseModel(.gaussian, .sigma(1), seed: seed).add(to: $0, sigma: 1, frame: frame, pool: pool)
      }
      return voxels
    }
    let first = noise(seed: 1, frame: 0)
    #expect(Set(first).count == 100)
    #expect(first == noise(seed: 1, frame: 0))
    #expect(first != noise(seed: 1, frame: 1))
    #expect(first != noise(seed: 1 << 32 + 1, frame: 0))
  }
}
