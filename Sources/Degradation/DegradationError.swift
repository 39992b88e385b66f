import Files
import Glibc
import Workers

/// Why a volume could not be degraded.
///
/// Axes count from 0: i, j, k.
public enum DegradationError: ReportableError, Equatable {
  /// A factor below 1, or a target finer than the input.
  case finer(axis: Int, factor: Double)
  /// The operator, or cutting to multiples, needs a whole factor.
  case fractionalFactor(axis: Int, factor: Double)
  /// The factor leaves no voxel of an axis.
  case tooSmall(axis: Int, size: Int, factor: Double)
  /// A number that is no width or deviation.
  case width(name: String, axis: Int, value: Double)
  /// A Gaussian so wide that it leaves nothing but the mean of an axis; its deviation and the
  /// largest one are in voxels of the input, the value in the unit of the option.
  case wideGaussian(option: String, axis: Int, value: Double, sigma: Double, largest: Double)
  /// An option that the operator knows nothing of.
  case optionNotTaken(name: String, by: DegradationOperator)
  /// The volumes of the work do not fit the limit.
  case memoryLimit(needed: Int, limit: Int)
  /// The system refused memory.
  case allocation(WorkersError)
  /// The monitor asked to stop, which the caller knows.
  case cancelled

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .finer, .tooSmall: "usage.target"
    case .fractionalFactor, .width, .wideGaussian: "usage.value"
    case .optionNotTaken: "usage.conflict"
    case .memoryLimit: "memory.budget"
    case .allocation(let error): error.code
    case .cancelled: ExitStatus.cancelledCode
    }
  }

  /// The option concerned.
  public var subject: String? {
    switch self {
    case .optionNotTaken(let name, let method): "\(name), --operator \(method.rawValue)"
    case .width(let name, _, _), .wideGaussian(let name, _, _, _, _): name
    case .memoryLimit: "--max-memory"
    case .finer, .fractionalFactor, .tooSmall, .allocation, .cancelled: nil
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .finer(let axis, let factor):
      "the target is finer than the input along \(Self.letter(axis)) (factor \(Self.text(factor)), "
        + "must be 1 or more); \"arssr upsample\" makes volumes finer"
    case .fractionalFactor(let axis, let factor):
      "the factor of axis \(Self.letter(axis)) is \(Self.text(factor)), must be a whole number "
        + "here; --operator area takes means of fractional extents"
    case .tooSmall(let axis, let size, let factor):
      "axis \(Self.letter(axis)) has \(counted(size, "voxel")), too few for a factor of "
        + Self.text(factor)
    case .width(_, let axis, let value):
      "\(Self.text(value)) along \(Self.letter(axis)), must be 0 or more and at most 1000000"
    case .wideGaussian(_, let axis, let value, let sigma, let largest):
      "\(Self.text(value)) along \(Self.letter(axis)) blurs by a Gaussian with a standard "
        + "deviation of \(Self.text(sigma)) voxels, must be at most \(Self.text(largest)) on this "
        + "axis, because a wider one leaves nothing but the mean; use a smaller width"
    case .optionNotTaken: "this operator has no use for it; leave one of the two out"
    case .memoryLimit(let needed, let limit):
      "the limit of \(ByteSize.text(limit)) is too small: the work takes \(ByteSize.text(needed)); "
        + "use --max-memory \(ByteSize.option(atLeast: needed)) or more"
    case .allocation(let error): "the system refused memory (\(error))"
    case .cancelled: "stopped before the end"
    }
  }

  private static func letter(_ axis: Int) -> String { ["i", "j", "k"][axis] }

  /// At most six digits, no ".0".
  static func text(_ value: Double) -> String {
    guard abs(value) < 1e9, abs(value) >= 1e-4 || value == 0 else { return "\(value)" }
    return ((value * 1e6).rounded() / 1e6).plainText
  }
}
