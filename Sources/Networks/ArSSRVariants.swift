/// How a network departs from the published function; read from metadata, absent = published.
public struct ArSSRVariants: Sendable, Equatable {
  /// What is added to the decoder's output.
  public enum Residual: String, Sendable, CaseIterable {
    case none
    /// Linear interpolation of the normalised input, positions clamped to the volume.
    case trilinear
    /// Cubic B-spline of the normalised input, whole-sample mirror, positions not clamped.
    case bspline3
  }

  /// Feature sampling in the outer half voxel.
  public enum Padding: String, Sendable, CaseIterable {
    /// Taps outside the volume count as zero.
    case zeros
    /// Positions are clamped to the volume.
    case border
  }

  /// The decoder's three coordinates, in the order k, j, i.
  public enum Coordinates: String, Sendable, CaseIterable {
    /// Position in (-1, 1) over the field of view.
    case absolute
    /// u - floor(u + 1/2 + 1e-6) in input voxels: the offset from the nearest voxel.
    case relative
  }

  /// What becomes of the blur of the input (FWHM over spacing): one more decoder input, the same for
  /// the whole volume; the default holds where the user gives none.
  public enum Condition: Sendable, Equatable {
    /// The network knows nothing of it.
    case none
    /// The network is told.
    case psf(default: Double)
    /// The blur of each axis is divided out of the input first, by the rule that `lambda` belongs to;
    /// the network and its base see the result, and the decoder is told the largest blur.
    case deconvolution(lambda: Double, default: Double)

    /// The widths that a default may have: those that the rule for dividing a blur out is made for.
    public static let widths = 0.0...10.0

    /// The blur that holds where the user gives none; nil for networks that know nothing of it.
    public var defaultBlur: Double? {
      switch self {
      case .none: nil
      case .psf(let standard), .deconvolution(_, let standard): standard
      }
    }
  }

  /// Whether the last layer of stage two has a ReLU.
  public var finalReLU: Bool
  /// What is added to the decoder's output.
  public var residual: Residual
  /// How features are sampled in the outer half voxel.
  public var padding: Padding
  /// LR voxels by which the input is continued beyond its faces, mirrored at them, before anything else
  /// sees it; 0 as published.
  ///
  /// A network that was trained on points some voxels inside its patches has never made the outer ones.
  public var margin: Int
  /// Which coordinates the decoder is given.
  public var coordinates: Coordinates
  /// The decoder input after the coordinates.
  public var condition: Condition
  /// How the weights depend on what is known of the input; nil: they do not.
  public var blend: WeightBlend?
  /// Text of the intensity normalisation: `none`, `minmax`, `percentile:lo,hi`, `scale:v`.
  public var normalisation: String

  /// The margins that a network may ask for.
  public static let margins = 0...8

  /// The published function, or departures from it.
  public init(
    finalReLU: Bool = true, residual: Residual = .none, padding: Padding = .zeros,
    margin: Int = 0, coordinates: Coordinates = .absolute, condition: Condition = .none,
    blend: WeightBlend? = nil, normalisation: String = "none"
  ) {
    self.finalReLU = finalReLU
    self.residual = residual
    self.padding = padding
    self.margin = margin
    self.coordinates = coordinates
    self.condition = condition
    self.blend = blend
    self.normalisation = normalisation
  }

  /// Decoder inputs beyond the features: three coordinates, and the condition.
  public var extraInputs: Int { condition == .none ? 3 : 4 }
}
