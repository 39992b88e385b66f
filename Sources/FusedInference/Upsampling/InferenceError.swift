import Files
import Volumes
import Workers

/// Why a volume could not be upsampled.
public enum InferenceError: ReportableError, Equatable {
  /// No division into blocks fits the memory limit; `needed` bytes would.
  case memoryLimit(needed: Int, limit: Int)
  /// The system refused memory within the limit.
  case allocation(WorkersError)
  /// The monitor asked to stop. The command dies of the signal that asked for it; callers of the
  /// library asked themselves.
  case cancelled
  /// The network takes no condition, but one was given.
  case conditionNotTaken(InputBlur)
  /// The network is told one blur, but several were given.
  case blurOfEachAxisNotTaken(InputBlur)
  /// A width of the blur is none of `Deconvolution.widths`.
  case blurOutOfRange(InputBlur)
  /// The network takes an image of another contrast, and there is none.
  case guideNeeded
  /// An option has no meaning for the network.
  case notTaken(UntakenOption)
  /// The image of another contrast is not on the grid of the result.
  case guideElsewhere(size: SIMD3<Int>, target: SIMD3<Int>, millimetres: Double)
  /// The image of another contrast cannot be interpolated there.
  case guideGrid(GridError)
  /// The network's intensities are divided by the largest, which is not above 0.
  case noPositiveIntensity(largest: Float, isGuide: Bool)

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .memoryLimit: "memory.budget"
    case .allocation(let error): error.code
    case .cancelled: ExitStatus.cancelledCode
    case .blurOutOfRange: "usage.value"
    case .conditionNotTaken, .blurOfEachAxisNotTaken, .guideNeeded, .notTaken: "usage.conflict"
    case .guideElsewhere: "volume.overlap"
    case .guideGrid(let error): error.code
    case .noPositiveIntensity: "volume.scaling"
    }
  }

  /// The option concerned.
  public var subject: String? {
    switch self {
    case .memoryLimit: "--max-memory"
    case .conditionNotTaken, .blurOfEachAxisNotTaken, .blurOutOfRange: "--psf"
    case .guideNeeded, .guideElsewhere, .guideGrid: "--guide"
    case .notTaken(let untaken): untaken.option
    case .noPositiveIntensity(_, let isGuide): isGuide ? "--guide" : nil
    case .allocation, .cancelled: nil
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .memoryLimit(let needed, let limit):
      """
      the limit of \(ByteSize.text(limit)) is too small: the smallest plan takes \
      \(ByteSize.text(needed)); use --max-memory \(ByteSize.option(atLeast: needed)) or more
      """
    case .allocation(let error): "the system refused memory (\(error))"
    case .cancelled: "stopped before the end"
    case .guideNeeded: "this model needs an image of another contrast on the grid of the result"
    case .notTaken(let untaken): untaken.reason
    case .guideElsewhere(let size, let target, let millimetres):
      "the guide has \(Self.text(size)) voxels, the result \(Self.text(target)), and their corners "
        + "lie up to \(Float(millimetres)) mm apart; use --guide-resample to interpolate it by its "
        + "affine"
    case .guideGrid(let error): error.message
    case .noPositiveIntensity(let largest, _):
      "the largest intensity is \(largest), and this model divides by it; use --normalisation to bring "
        + "intensities to 0 ... 1 in another way"
    case .conditionNotTaken(let value):
      "\(value) was given, but this model has no input for the blur of the volume"
    case .blurOfEachAxisNotTaken(let value):
      "\(value) was given, but this model is told one blur for all axes; models that divide it out "
        + "take one per axis (\"arssr models info\" shows which do)"
    case .blurOutOfRange(let value):
      "is \(value), must be from 0 to \(Deconvolution.widths.upperBound.plainText)"
    }
  }

  private static func text(_ size: SIMD3<Int>) -> String { "\(size.x) x \(size.y) x \(size.z)" }
}
