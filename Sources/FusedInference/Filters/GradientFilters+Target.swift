import Networks
import Volumes

extension GradientFilters {
  /// The grid that filters make of an input.
  ///
  /// The outer voxel centres of both grids lie on each other; for filters that were learned on k-space
  /// both have the same field of view.
  ///
  /// - Parameters:
  ///   - wish: What was asked for, which must come to the same; nil where nothing was.
  ///   - grid: The input's.
  ///   - placement: What the header says.
  /// - Returns: The grid and the places of its voxels.
  /// - Throws: ``GridError/fixedFactor(_:)`` for any other wish.
  func target(
    _ wish: TargetRequest?, of grid: Grid, placement: HeaderPlacement
  ) throws(GridError) -> SamplingPlan {
    let size = grid.size &* factor
    let plan =
      switch source {
      case .interpolation: try grid.cornerTarget(.size(size), placement: placement)
      case .kspace: try grid.target(.size(size), placement: placement)
      }
    switch wish {
    case nil: break
    case .scale(let factors):
      guard factors == SIMD3(repeating: Double(factor)) else { throw .fixedFactor(factor) }
    case .size(let wanted):
      guard wanted == size else { throw .fixedFactor(factor) }
    case .spacing, .isotropic: throw .fixedFactor(factor)
    case .like(let reference):
      guard reference.size == size else { throw .fixedFactor(factor) }
      let distance = plan.grid.fieldOfViewDistance(to: reference)
      guard distance <= 0.05 * plan.grid.affine.columnNorms.min() else {
        throw .elsewhere(distance)
      }
    }
    return plan
  }
}
