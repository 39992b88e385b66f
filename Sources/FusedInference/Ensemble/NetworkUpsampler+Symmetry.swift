import Volumes

extension NetworkUpsampler {
  /// Whether two different axes of an input are alike to the network, so that they may be exchanged.
  func treatsAlike(_ a: Int, _ b: Int, grid: Grid, sampling: Sampling) -> Bool {
    switch self {
    case .arssr: Self.haveSameSteps(a, b, grid: grid, sampling: sampling)
    case .related: Self.haveSameFactors(a, b, grid: grid, sampling: sampling)
    case .filters: false
    }
  }

  /// Axes of the same spacing and the same step of the target.
  private static func haveSameSteps(
    _ a: Int, _ b: Int, grid: Grid, sampling: Sampling
  ) -> Bool {
    guard let separable = sampling.separable else { return false }
    func step(_ axis: Int) -> Double { separable.axes[axis].step }
    func areClose(_ x: Double, _ y: Double) -> Bool {
      abs(x - y) <= Sampling.sameStep * max(x, y)
    }
    let spacing = grid.affine.columnNorms
    return areClose(spacing[a], spacing[b]) && areClose(step(a), step(b))
  }

  /// A difference of factors that comes of rounding to whole voxels.
  private static let sameFactor = 0.02

  /// Axes of about the same factor: the related networks are told of no spacing, and corner-aligned
  /// steps of one factor differ with the length of the axis.
  private static func haveSameFactors(
    _ a: Int, _ b: Int, grid: Grid, sampling: Sampling
  ) -> Bool {
    let factors = SIMD3<Double>(sampling.outputSize) / SIMD3<Double>(grid.size)
    return abs(factors[a] - factors[b]) <= sameFactor * max(factors[a], factors[b])
  }
}
