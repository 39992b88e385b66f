import Volumes

/// What an operator does along one axis, in numbers.
public struct AxisDegradation: Sendable, Equatable {
  /// Voxels of the input.
  public var inputSize: Int
  /// Voxels that are used; the others were cut off the high end.
  public var usedSize: Int
  /// Voxels of the result.
  public var outputSize: Int
  /// The new spacing in voxels of the input.
  public var factor: Double
  /// Where the result's voxel 0 lies in voxels of the input.
  public var offset: Double
  /// Standard deviation of the Gaussian in voxels of the input; 0: none.
  public var sigma: Double
  /// The bound h where all frequencies outside `-h..<h` are zeroed.
  public var keptFrequencies: Int?
  /// Whether anything but the Gaussian happens; if not, the axis keeps its voxels.
  public var isSampled: Bool

  /// The Gaussian's full width at half maximum in voxels of the result; 0: none.
  public var blurWidth: Double { widthPerDeviation * sigma / factor }

  /// The largest ``sigma`` that is worked out: 8 times the axis, with short axes counted as 64
  /// voxels.
  ///
  /// A wider Gaussian, mirrored at the faces, leaves nothing but the mean, and its table has more
  /// than 64 terms per voxel of the axis for every voxel.
  var largestSigma: Double { 8 * Double(max(inputSize, 64)) }

  /// An axis that stays as it is.
  static func unchanged(_ size: Int, sigma: Double = 0) -> AxisDegradation {
    AxisDegradation(
      inputSize: size, usedSize: size, outputSize: size, factor: 1, offset: 0, sigma: sigma,
      isSampled: false)
  }
}

extension AxisDegradation {
  /// Works out an axis of `size` voxels that becomes coarser by the factor `scale`.
  ///
  /// - Parameters:
  ///   - request: The operator with its options.
  ///   - axis: 0, 1, 2 for i, j, k; for messages.
  ///   - size: Voxels.
  ///   - scale: New spacing over old, 1 or more; exactly 1 leaves the axis alone.
  ///   - width: FWHM of the slice profile in voxels, for `psf`, or of the Gaussian where the request
  ///     has it.
  /// - Returns: Size, place and blur.
  /// - Throws: If no voxel would be left, or the operator needs a whole factor.
  static func planned(
    _ request: DegradationRequest, axis: Int, size: Int, scale: Double, width: Double
  ) throws(DegradationError) -> AxisDegradation {
    var sigma = request.method.takesSigma ? request.sigma[axis] : 0
    if request.method == .corner, request.fullWidths != nil { sigma = width / widthPerDeviation }
    if scale == 1 { return .unchanged(size, sigma: sigma) }
    let isWhole = scale == scale.rounded()
    if request.method == .block, !isWhole { throw .fractionalFactor(axis: axis, factor: scale) }
    var used = size
    if request.crops {
      guard isWhole else { throw .fractionalFactor(axis: axis, factor: scale) }
      used = size / Int(scale) * Int(scale)
    }
    let n = Double(used)
    let count: Double =
      switch request.method {
      case .cubic, .corner, .quadratic, .kspace, .area: (n * (1 / scale)).rounded(.toNearestOrEven)
      case .exact, .psf, .origin: max(1, (n / scale + 0.5).rounded(.down))
      case .block: (n / scale).rounded(.down)
      case .kspaceBox: n / 2 >= scale ? n : 0
      }
    guard used > 0, count >= 1 else { throw .tooSmall(axis: axis, size: size, factor: scale) }
    var result = AxisDegradation(
      inputSize: size, usedSize: used, outputSize: Int(count), factor: scale, offset: 0,
      sigma: sigma, isSampled: true)
    switch request.method {
    case .corner, .quadratic:
      result.factor = count > 1 ? (n - 1) / (count - 1) : 1
    case .cubic, .area:
      result.factor = n / count
      result.offset = 0.5 * result.factor - 0.5
    case .kspace:
      result.factor = n / count
      result.offset = request.keepsFieldOfView ? 0.5 * result.factor - 0.5 : 0
    case .exact, .block:
      result.offset = 0.5 * scale - 0.5
    case .psf:
      result.offset = 0.5 * scale - 0.5
      let variance = width * width - (request.deconvolves ? 1 : 0)
      result.sigma = max(0, variance).squareRoot() / widthPerDeviation
    case .origin:
      break
    case .kspaceBox:
      result.factor = 1
      result.keptFrequencies = Int(n / (2 * scale))
    }
    return result
  }

  /// The places of the result's voxels in voxels of the input.
  func positions(_ method: DegradationOperator) -> [Double] {
    switch method {
    case .corner, .quadratic:
      (0..<outputSize).map { Double($0) * factor }
    case .origin:
      (0..<outputSize).map { Double($0) * factor }
    default:
      (0..<outputSize).map { (Double($0) + 0.5) * factor - 0.5 }
    }
  }
}
