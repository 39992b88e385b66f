import Degradation
import Files
import Workers

/// Why filters cannot be learned from what was given.
public enum FilterLearningError: ReportableError, Equatable {
  /// A volume without any voxel above 0 whose patch lies in it.
  case empty(path: String)
  /// A volume too small for a patch.
  case tooSmall(path: String, size: SIMD3<Int>, needed: Int)
  /// No voxel of any volume has a gradient.
  case noFeatures
  /// The limit leaves no room for the sums of one bucket.
  case memoryLimit(needed: Int, limit: Int)
  /// A state file that is not whole, or of another kind.
  case stateDamaged(path: String)
  /// A state file of other settings, volumes or instruction set.
  case otherState(path: String)
  /// A volume cannot be made coarser.
  case degradation(DegradationError)
  /// The system refused memory.
  case system(WorkersError)
  /// A file cannot be read or written.
  case file(FileError)
  /// The caller asked to stop.
  case cancelled

  /// The stable identifier of the cause.
  public var code: String {
    switch self {
    case .empty, .noFeatures: "volume.range"
    case .tooSmall: "volume.dim"
    case .memoryLimit: "memory.budget"
    case .stateDamaged, .otherState: "model.mismatch"
    case .degradation(let error): error.code
    case .system(let error): error.code
    case .file(let error): error.code
    case .cancelled: ExitStatus.cancelledCode
    }
  }

  /// The file or option concerned.
  public var subject: String? {
    switch self {
    case .empty(let path), .tooSmall(let path, _, _), .stateDamaged(let path),
      .otherState(let path):
      path
    case .memoryLimit: "--max-memory"
    case .degradation(let error): error.subject
    case .file(let error): error.subject
    case .noFeatures, .system, .cancelled: nil
    }
  }

  /// What is wrong, on one line.
  public var message: String {
    switch self {
    case .empty:
      "has no voxel above 0 far enough from its faces, so there is nothing to learn from"
    case .tooSmall(_, let size, let needed):
      "\(size.x) x \(size.y) x \(size.z) voxels are too few; each axis needs \(needed) or more"
    case .noFeatures: "no voxel of any volume has a gradient, so there is nothing to learn from"
    case .memoryLimit(let needed, let limit):
      "the limit of \(ByteSize.text(limit)) is too small: a volume and the sums of one bucket take "
        + "\(ByteSize.text(needed)); use --max-memory \(ByteSize.option(atLeast: needed)) or more"
    case .stateDamaged: "is no whole state of arssr learn-filters; begin anew with --force"
    case .otherState:
      "belongs to other options, volumes or another instruction set, so it cannot go on; "
        + "begin anew with --force"
    case .degradation(let error): error.message
    case .system(let error): error.description
    case .file(let error): error.message
    case .cancelled: "stopped before the end"
    }
  }

  static func ofWorkers<Value>(
    _ work: () throws(WorkersError) -> Value
  ) throws(FilterLearningError) -> Value {
    do throws(WorkersError) {
      return try work()
    } catch {
      throw .system(error)
    }
  }
}
