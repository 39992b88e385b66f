import Checkpoints
import Volumes

extension Upsampler {
  /// How far a result is from a golden file.
  public struct Comparison: Sendable {
    /// The golden file.
    public var name: String
    /// Largest absolute difference, in the network's range; infinite if the sizes differ or a value is
    /// not a number.
    public var difference: Double
    /// Largest difference that is allowed.
    public var tolerance: Double

    /// Whether the result counts as the same.
    public var isWithinTolerance: Bool { difference <= tolerance }
  }

  /// Computes every case of a golden folder and compares.
  ///
  /// - Throws: ``InferenceError``, or `GridError` for a scale that makes no grid.
  public func compare(with golden: GoldenFolder) throws -> [Comparison] {
    let shape = golden.input.shape
    let grid = Grid(size: SIMD3(shape[2], shape[1], shape[0]), affine: .identity)
    return try golden.cases.map { row in
      let sampling = try grid.target(.scale(row.scale)).sampling
      let options = Options(blur: row.blur.map(InputBlur.uniform))
      let plan = try plan(inputSize: grid.size, sampling: sampling, options: options)
      let size = sampling.outputSize
      let expected = row.expected.values
      guard row.expected.shape == [size.z, size.y, size.x] else {
        return Comparison(name: row.name, difference: .infinity, tolerance: row.tolerance)
      }
      var difference = 0.0
      var position = 0
      _ = try run(plan, voxels: golden.input.values, options: options) { planes in
        for value in planes {
          let distance = abs(Double(value) - Double(expected[position]))
          difference = distance.isNaN ? .infinity : max(difference, distance)
          position += 1
        }
      }
      return Comparison(name: row.name, difference: difference, tolerance: row.tolerance)
    }
  }
}
