import Volumes

extension DegradationPlan {
  /// The plan of a finer volume over the same field of view whose spectrum is that of the input with
  /// zeros around it.
  ///
  /// - Parameters:
  ///   - grid: The input's.
  ///   - factor: Voxels of the result per voxel of the input along each axis.
  /// - Returns: The plan.
  public static func zeroFilling(_ grid: Grid, factor: Int) -> DegradationPlan {
    let step = 1 / Double(factor)
    let size = grid.size &* factor
    let axes = (0..<3).map { axis in
      AxisDegradation(
        inputSize: grid.size[axis], usedSize: grid.size[axis], outputSize: size[axis],
        factor: step, offset: 0.5 * step - 0.5, sigma: 0, isSampled: true)
    }
    let map = Affine(
      diagonal: SIMD3(repeating: step), translation: SIMD3(repeating: 0.5 * step - 0.5))
    return DegradationPlan(
      request: DegradationRequest(.kspace, .scale(SIMD3(repeating: 1))), inputSize: grid.size,
      axes: axes, grid: grid.refitted(size: size, by: map), notices: [])
  }
}
