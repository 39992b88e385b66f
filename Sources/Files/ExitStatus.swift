/// What the exit status of the program means (after BSD sysexits).
public enum ExitStatus: Int32, Sendable {
  /// Done; warnings are allowed.
  case ok = 0
  /// The program worked and the answer is no: a verification found a difference.
  case negative = 1
  /// The command line, or an argument of a call, is wrong.
  case usage = 64
  /// A volume is malformed, or of a kind that is not read.
  case data = 65
  /// A named file does not exist, or is no regular file.
  case noInput = 66
  /// This build or machine lacks something, or the memory limit is too small.
  case unavailable = 69
  /// A broken invariant.
  case internalError = 70
  /// The system refused memory, threads or descriptors.
  case system = 71
  /// The output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed on the way.
  case inputOutput = 74
  /// The caller asked to stop. The command never ends with it: it dies of the signal that asked.
  case cancelled = 75
  /// Reading or writing is not permitted.
  case permission = 77
  /// A model or a settings file is malformed or does not fit.
  case configuration = 78

  /// What kind of file a failure is about; an empty file is bad data or a bad configuration.
  public enum Subject: Sendable {
    /// A volume.
    case volume
    /// A checkpoint.
    case model
    /// A settings file.
    case settings
  }

  /// The code of a failure that the caller asked for.
  public static let cancelledCode = "process.cancelled"

  /// The status that belongs to the code of a failure.
  public init(code: String, subject: Subject) {
    let family = code.prefix { $0 != "." }
    switch code {
    case "input.missing", "input.kind", "input.partner": self = .noInput
    case "input.permission", "output.permission": self = .permission
    case "input.empty", "input.pointer": self = subject == .volume ? .data : .configuration
    case "output.exists", "output.create": self = .cannotCreate
    case "output.space", "output.io", "input.io": self = .inputOutput
    case "memory.budget", "feature.missing": self = .unavailable
    case "memory.system", "threads.system", "files.system", "process.lost": self = .system
    case Self.cancelledCode: self = .cancelled
    case "batch.partial", "check.difference": self = .negative
    default:
      switch family {
      case "usage": self = .usage
      case "volume", "gzip": self = .data
      case "model", "config": self = .configuration
      default: self = .internalError
      }
    }
  }
}
