import Foundation
import TestSupport
import Testing
import Volumes
import Workers

@testable import Degradation

/// How the related systems make volumes coarser and smoother (Documentation/RelatedSystems.md names them),
/// against double-precision results of Tests/Golden/sisr and Tests/Golden/espcn.
@Suite struct RelatedOperatorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var input: String
    var output: String
    var method = DegradationOperator.corner
    var scale = 1.0
    var sigma = 0.0
    /// In place of it, in millimetres, which are voxels here.
    var fullWidth: Double?
    var folder = "sisr"
    /// Whether the axes of the result are stored in the order opposite to the input's.
    var isReversed = false

    var testDescription: String { output }
  }

  private static let zoom = "zoom/in_7x6x5.npy"

  @Test(arguments: [
    Case(input: zoom, output: "zoom/out_o3_zhalf.npy", scale: 2),
    Case(input: zoom, output: "zoom/out_o3_third.npy", scale: 3),
    Case(input: zoom, output: "zoom/out_o2np_zhalf.npy", method: .quadratic, scale: 2),
    // SciPy makes the last of these samples 0 (edge_out_14_scipy.npy).
    Case(input: "zoom/edge_in_28.npy", output: "zoom/edge_out_14_correct.npy", scale: 2),
    Case(input: "zoom/gauss_in.npy", output: "zoom/gauss_out_s1.npy", sigma: 1),
    // The other kernel of the same name: a full width of two voxels.
    Case(
      input: "zoom/gauss_in.npy", output: "zoom/gauss_out_s0p8493.npy",
      sigma: 1 / (2 * log(2)).squareRoot()),
    Case(input: "zoom/gauss_in.npy", output: "zoom/gauss_out_s0p8493.npy", fullWidth: 2),
    Case(
      input: "pipeline/train_hr_norm.npy", output: "pipeline/train_blur_sigma1.npy", sigma: 1),
    Case(
      input: "pipeline/hr_raw.npy", output: "lr/lr_r2_zyx.npy", method: .origin, scale: 2,
      folder: "espcn", isReversed: true),
  ])
  func valuesAreThoseOfTheGoldens(_ tested: Case) throws {
    let input = try array("sisr", tested.input)
    let expected = try array(tested.folder, tested.output)
    let size = Self.size(input.shape)
    var request = DegradationRequest(
      tested.method,
      .scale(SIMD3((0..<3).map { size[$0] == 1 ? 1 : tested.scale })))
    request.sigma = SIMD3(repeating: tested.sigma)
    request.fullWidths = tested.fullWidth.map { SIMD3(repeating: $0) }
    let plan = try Grid(size: size, affine: .identity).degraded(by: request)
    let values = try plan.run(input.floats, pool: WorkerPool(threads: 2)).values
    let made = plan.grid.size
    let shape = [made.z, made.y, made.x]
    #expect(
      (tested.isReversed ? shape.reversed() : shape).suffix(expected.shape.count)
        == expected.shape)
    let order = tested.isReversed ? Self.reversed(made) : Array(values.indices)
    let deviation = Deviation(expected: expected.values, actual: order.map { values[$0] })
    let limit = try tolerance(tested, of: expected)
    #expect(deviation.maximum <= limit, "\(deviation)")
  }

  /// Arrays are taken as (k, j, i), whatever their axes are called; missing ones have one voxel.
  private static func size(_ shape: [Int]) -> SIMD3<Int> {
    let shape = [Int](repeating: 1, count: 3 - shape.count) + shape
    return SIMD3(shape[2], shape[1], shape[0])
  }

  /// The voxels of a volume with k fastest.
  private static func reversed(_ size: SIMD3<Int>) -> [Int] {
    (0..<size.x).flatMap { i in
      (0..<size.y).flatMap { j in (0..<size.z).map { k in (k * size.y + j) * size.x + i } }
    }
  }

  private func array(_ folder: String, _ file: String) throws -> NumPyArray {
    try NumPyArray(contentsOf: Golden.folder(folder).appendingPathComponent(file))
  }

  private func tolerance(_ tested: Case, of expected: NumPyArray) throws -> Double {
    let manifest = try #require(try Golden.json(tested.folder) as? [String: Any])
    let entries = try #require(manifest["entries"] as? [[String: Any]])
    let entry = try #require(entries.first { $0["file"] as? String == tested.output })
    if let absolute = entry["tol_abs"] as? Double { return absolute }
    let relative = try #require(entry["tol_rel"] as? Double)
    return relative * (expected.values.map(abs).max() ?? 0)
  }
}
