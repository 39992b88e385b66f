import Foundation
import TestSupport
import Testing
import Volumes
import Workers

@Suite struct InterpolationGoldenTests {
  @Test(arguments: InterpolationMethod.allCases, ["28x28x24", "35x24x31"])
  func storedUpsamplingsAgree(_ method: InterpolationMethod, _ target: String) throws {
    let folder = Golden.folder("degrade")
    // These arrays are [i][j][k]: read as [k][j][i] their first axis is what the code calls k.
    let input = try NumPyArray(contentsOf: folder.appendingPathComponent("lr_small.npy"))
    let expected = try NumPyArray(
      contentsOf: folder.appendingPathComponent("up_\(method)_\(target).npy"))
    let size = SIMD3(input.shape.reversed())
    let plan = try Grid(size: size, affine: .identity)
      .target(.size(SIMD3(expected.shape.reversed())))
    let result = try interpolate(input.floats, size, plan.sampling, method)
    let deviation = Deviation(expected: expected.values, actual: result)
    #expect(deviation.maximum <= 5e-6, "\(deviation)")
  }

  @Test(arguments: ["1x1x4", "2x2x2", "2.5x2.5x2.5"])
  func theResidualBaseOfTheInterimModelAgrees(_ scales: String) throws {
    let folder = Golden.folder("interim")
    let input = try NumPyArray(contentsOf: folder.appendingPathComponent("input.npy"))
    let expected = try NumPyArray(contentsOf: folder.appendingPathComponent("base_\(scales).npy"))
    let size = SIMD3(input.shape.reversed())
    let factors = scales.split(separator: "x").compactMap { Double($0) }.reversed()
    let plan = try Grid(size: size, affine: .identity).target(.scale(SIMD3(Array(factors))))
    let result = try interpolate(input.floats, size, plan.sampling, .cubic)
    let deviation = Deviation(expected: expected.values, actual: result)
    #expect(result.count == expected.values.count)
    #expect(deviation.maximum <= 5e-6, "\(deviation)")
  }
}

func interpolate(
  _ voxels: [Float], _ size: SIMD3<Int>, _ sampling: Sampling, _ method: InterpolationMethod,
  threads: Int = 2
) throws -> [Float] {
  let pool = try WorkerPool(threads: threads)
  let prepared = PreparedSampling(sampling, inputSize: size, method: method)
  return Interpolator(voxels: voxels, sampling: prepared, pool: pool).interpolated(pool: pool)
}
