import Files
import Volumes

/// A degradation worked out for one grid: sizes, places, blur.
public struct DegradationPlan: Sendable {
  /// What was asked for.
  public let request: DegradationRequest
  /// Voxels of the input.
  public let inputSize: SIMD3<Int>
  /// The numbers per axis i, j, k.
  public let axes: [AxisDegradation]
  /// Size and place of the result.
  public let grid: Grid
  /// What the user should know.
  public let notices: [Notice]

  /// The places of the result's voxels in the input.
  public var sampling: Sampling {
    .separable(
      SeparableSampling(
        axes: axes.enumerated().map { axis, numbers in
          SeparableSampling.Axis(
            positions: (0..<numbers.outputSize).map {
              Double($0) * numbers.factor + numbers.offset
            }, outputAxis: axis, inputSize: numbers.inputSize)
        }))
  }
}

extension Grid {
  /// A spacing that differs from the input's by less than this share is the input's.
  private static let sameSpacing = 1e-4

  /// Plans a degradation with this grid as input.
  ///
  /// The result's affine is that of this grid times diag(f) with the translation t, where result
  /// voxel o lies at f o + t per axis. An axis with factor 1 keeps its voxels.
  ///
  /// - Parameter request: The operator with its options.
  /// - Returns: Sizes, places and blur per axis, and the result's grid.
  /// - Throws: ``DegradationError`` if the target is finer, leaves no voxel, or asks for a Gaussian
  ///   that leaves nothing but the mean, or the options do not go together.
  public func degraded(by request: DegradationRequest) throws(DegradationError) -> DegradationPlan {
    try request.checkOptions()
    let spacing = affine.columnNorms
    let scales = try request.scales(spacing: spacing)
    var axes: [AxisDegradation] = []
    for axis in 0..<3 {
      let width = (request.fullWidths?[axis]).map { $0 / spacing[axis] } ?? scales[axis]
      let numbers = try AxisDegradation.planned(
        request, axis: axis, size: size[axis], scale: scales[axis], width: width)
      try request.checkBlur(numbers, axis: axis)
      axes.append(numbers)
    }
    let step = SIMD3(axes.map(\.factor))
    let start = SIMD3(axes.map(\.offset))
    let grid = refitted(
      size: SIMD3(axes.map(\.outputSize)), by: Affine(diagonal: step, translation: start))
    var notices: [Notice] = []
    if axes.allSatisfy({ !$0.isSampled && $0.sigma == 0 }) {
      notices.append(
        Notice(
          code: "usage.target", message: "all factors are 1, so the volume is not made coarser"))
    }
    notices += request.spacingNotices(of: grid)
    return DegradationPlan(
      request: request, inputSize: size, axes: axes, grid: grid, notices: notices)
  }

  /// Whether two spacings count as the same.
  static func isSame(_ factor: Double) -> Bool { abs(factor - 1) <= sameSpacing }
}

extension DegradationRequest {
  /// Factors per axis; exactly 1 where the axis stays.
  fileprivate func scales(spacing: SIMD3<Double>) throws(DegradationError) -> SIMD3<Double> {
    let factors: SIMD3<Double>
    switch target {
    case .scale(let scale): factors = scale
    case .spacing(let wish): factors = wish / spacing
    }
    var scales = factors
    for axis in 0..<3 {
      guard factors[axis].isFinite, factors[axis] > 0 else {
        throw .finer(axis: axis, factor: factors[axis])
      }
      if case .spacing = target, Grid.isSame(factors[axis]) { scales[axis] = 1 }
      if scales[axis] < 1 { throw .finer(axis: axis, factor: factors[axis]) }
      // Spacings come from float32 headers: a factor that is whole to within them is meant whole.
      let whole = factors[axis].rounded()
      if case .spacing = target, method == .block || crops,
        abs(factors[axis] - whole) <= 1e-4 * whole
      {
        scales[axis] = whole
      }
    }
    return scales
  }

  /// Says so where an operator that makes whole numbers of voxels misses the spacing asked for.
  fileprivate func spacingNotices(of grid: Grid) -> [Notice] {
    guard case .spacing(let wish) = target, method != .kspaceBox else { return [] }
    let spacing = grid.affine.columnNorms
    guard (0..<3).contains(where: { !Grid.isSame(spacing[$0] / wish[$0]) }) else { return [] }
    let text = (0..<3).map { DegradationError.text(spacing[$0]) }.joined(separator: ", ")
    return [
      Notice(
        code: "usage.target", subject: "--spacing",
        message: "\(method.rawValue) fits whole voxels into its extent, which gives \(text) mm; "
          + "exact, psf and origin meet a spacing exactly")
    ]
  }

  /// - Throws: ``DegradationError/wideGaussian(option:axis:value:sigma:largest:)``, before any
  ///   table is made.
  fileprivate func checkBlur(_ numbers: AxisDegradation, axis: Int) throws(DegradationError) {
    guard numbers.sigma > numbers.largestSigma else { return }
    let (option, value) = blurOption(axis: axis)
    throw .wideGaussian(
      option: option, axis: axis, value: value, sigma: numbers.sigma,
      largest: numbers.largestSigma)
  }

  /// The option that the width of the Gaussian comes from, and what it says of an axis.
  private func blurOption(axis: Int) -> (name: String, value: Double) {
    if let fullWidths { return ("--fwhm", fullWidths[axis]) }
    if method.takesSigma { return ("--sigma", sigma[axis]) }
    switch target {
    case .scale(let scale): return ("--scale", scale[axis])
    case .spacing(let wish): return ("--spacing", wish[axis])
    }
  }

  fileprivate func checkOptions() throws(DegradationError) {
    if sigma != .zero, !method.takesSigma { throw .optionNotTaken(name: "--sigma", by: method) }
    if fullWidths != nil, !method.takesFullWidths {
      throw .optionNotTaken(name: "--fwhm", by: method)
    }
    if deconvolves, method != .psf { throw .optionNotTaken(name: "--deconvolve", by: method) }
    if crops, method == .psf || method == .kspaceBox {
      throw .optionNotTaken(name: "--crop", by: method)
    }
    for axis in 0..<3 {
      for (name, value) in [("--sigma", sigma[axis]), ("--fwhm", fullWidths?[axis] ?? 0)]
      where !(value >= 0 && value <= 1e6) {
        throw .width(name: name, axis: axis, value: value)
      }
    }
  }
}
