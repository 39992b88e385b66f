import Networks
import Volumes

extension TargetRequest {
  /// What is made where nobody asks for a grid: twice as fine.
  public static let standard = TargetRequest.scale(SIMD3(repeating: 2))
}

extension Network {
  /// Plans the grid that the network makes of an input.
  ///
  /// - Parameters:
  ///   - wish: What was asked for; nil where nothing was: the factor of a network that has but one,
  ///     else twice as fine.
  ///   - grid: The input's.
  ///   - placement: What the header says.
  /// - Returns: The grid, the places of its voxels, and what the user should know.
  /// - Throws: `GridError`.
  public func target(
    _ wish: TargetRequest?, of grid: Grid, placement: HeaderPlacement = .fieldOfView
  ) throws(GridError) -> SamplingPlan {
    switch self {
    case .arssr: return try grid.target(wish ?? .standard, placement: placement)
    case .filters(let filters): return try filters.target(wish, of: grid, placement: placement)
    case .related(let network):
      if let factor = network.fixedFactor {
        return try grid.blockTarget(factor: factor, wish)
      }
      return try grid.cornerTarget(wish ?? .standard, placement: placement)
    }
  }

  /// How intensities are brought to the network's range.
  public var normalisation: Normalisation {
    let text =
      switch self {
      case .arssr(let network): network.variants.normalisation
      case .related(let network): network.normalisation
      case .filters: GradientFilters.normalisation
      }
    return Normalisation(text) ?? .none
  }

  /// The blur of the input that the network takes into account: what was given or its default; nil
  /// for networks that know nothing of it.
  public func blur(given: InputBlur?) -> InputBlur? {
    arssr?.variants.condition.defaultBlur.map { given ?? .uniform($0) }
  }
}

extension SamplingPlan {
  /// The factors that result, per axis of the result: its voxels per input voxel of the same length.
  ///
  /// The axes of another volume's grid may be other axes of the input or lie across them, so there
  /// the step of each axis is measured in input voxels; a ratio of spacings axis by axis would mix
  /// them. For networks other than ArSSR, whose grids keep corners, it is the ratio of the sizes.
  ///
  /// - Parameters:
  ///   - input: The input's grid.
  ///   - network: What makes the result; nil for an interpolation.
  ///   - isLike: Whether the grid is that of another volume.
  /// - Returns: Factors along i, j, k of the result.
  public func scale(
    from input: Grid, by network: Network?, isLike: Bool
  ) -> SIMD3<Double> {
    if let network, network.arssr == nil {
      return SIMD3<Double>(grid.size) / SIMD3(input.size)
    }
    if isLike, let inverse = input.affine.inverse {
      return 1 / (inverse * grid.affine).columnNorms
    }
    return input.affine.columnNorms / grid.affine.columnNorms
  }
}
