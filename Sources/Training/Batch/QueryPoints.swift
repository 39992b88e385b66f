/// Where the decoder is asked in one patch: positions in LR voxels of the patch, voxel centres at
/// whole numbers, 0 the first.
public enum QueryPoints: Sendable, Equatable {
  /// Every combination of the positions along three axes; values are ordered `[k][j][i]`.
  ///
  /// Sampling is three small products then, forward and backward, without any scattering.
  case grid(i: [Double], j: [Double], k: [Double])
  /// Single positions along i, j, k, as the published script draws them.
  case scattered([SIMD3<Double>])

  /// Points, which is also the number of target values.
  public var count: Int {
    switch self {
    case .grid(let i, let j, let k): i.count * j.count * k.count
    case .scattered(let positions): positions.count
    }
  }
}
