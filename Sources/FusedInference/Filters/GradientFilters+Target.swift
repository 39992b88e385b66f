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
  /// - Throws: ``GridError/fixedFactor(_:asked:)`` for any other wish.
  func target(
    _ wish: TargetRequest?, of grid: Grid, placement: HeaderPlacement
  ) throws(GridError) -> SamplingPlan {
    let size = grid.size &* factor
    // As a factor: who asked for no size is not to be told of one where the grid is too large.
    let own: TargetRequest =
      if case .size? = wish { .size(size) } else { .scale(SIMD3(repeating: Double(factor))) }
    let plan =
      switch source {
      case .interpolation: try grid.cornerTarget(own, placement: placement)
      case .kspace: try grid.target(own, placement: placement)
      }
    guard let wish else { return plan }
    let isMet =
      switch wish {
      case .scale(let factors): factors == SIMD3(repeating: Double(factor))
      case .size(let wanted): wanted == size
      case .spacing, .isotropic: false
      case .like(let reference): reference.size == size
      }
    guard isMet else { throw .fixedFactor(factor, asked: wish.option) }
    if case .like(let reference) = wish {
      try plan.grid.checkPlace(
        reference, keeps: source == .kspace ? .fieldOfView : .corners)
    }
    return plan
  }
}
