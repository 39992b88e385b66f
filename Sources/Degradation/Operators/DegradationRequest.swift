import Volumes

/// What shall be done to a volume so that it becomes coarser.
public struct DegradationRequest: Sendable, Equatable {
  /// How coarse.
  public enum Target: Sendable, Equatable {
    /// Factors along i, j, k, each 1 or more.
    case scale(SIMD3<Double>)
    /// Spacings in millimetres, none finer than the input's.
    case spacing(SIMD3<Double>)
  }

  /// The operator.
  public var method: DegradationOperator
  /// How coarse.
  public var target: Target
  /// Full widths at half maximum in millimetres: of the slice profile of ``DegradationOperator/psf``, nil
  /// for the target spacing; of the Gaussian before ``DegradationOperator/corner``, in place of
  /// ``sigma``.
  public var fullWidths: SIMD3<Double>?
  /// Whether the input's own voxel width is taken off the slice profile (in quadrature).
  public var deconvolves = false
  /// Standard deviations, in voxels of the input, of a Gaussian before ``DegradationOperator/corner``,
  /// ``DegradationOperator/cubic`` and ``DegradationOperator/exact``; 0: none.
  public var sigma = SIMD3<Double>.zero
  /// Whether the high ends are cut to multiples of the factors first, behind the Gaussian.
  public var crops = false
  /// The spline of the operators that sample one.
  public var spline: Spline
  /// Whether ``DegradationOperator/kspace`` keeps the field of view; otherwise voxel 0 stays in place.
  public var keepsFieldOfView = true

  /// The plain form of an operator.
  public init(_ method: DegradationOperator, _ target: Target) {
    self.method = method
    self.target = target
    spline = method == .quadratic ? Spline(order: 2, interpolates: false) : .cubic
  }
}

/// A B-spline through, or near, the samples of a volume.
public struct Spline: Sendable, Equatable {
  /// 0 nearest, 1 linear, 2 quadratic, 3 cubic.
  public var order: Int
  /// Whether the spline goes through the samples; orders 0 and 1 always do.
  public var interpolates: Bool
  /// What lies beyond the outer voxels.
  public var edge: SplineEdge
  /// Whether a last sample that rounding puts behind the last centre becomes 0, as in SciPy.
  public var isStrict: Bool

  /// The usual one.
  public static let cubic = Spline(order: 3)

  /// Describes a spline.
  public init(
    order: Int, interpolates: Bool = true, edge: SplineEdge = .mirror, isStrict: Bool = false
  ) {
    precondition((0...3).contains(order), "order: \(order)")
    self.order = order
    self.interpolates = interpolates
    self.edge = edge
    self.isStrict = isStrict
  }

  /// Whether samples have to become coefficients first.
  var needsPrefilter: Bool { order > 1 && interpolates }
}
