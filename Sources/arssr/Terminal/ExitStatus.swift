/// What the exit status of the program means (after BSD sysexits).
enum ExitStatus: Int32, Sendable {
  case ok = 0
  /// The program worked and the answer is no: a verification found a difference.
  case negative = 1
  case usage = 64
  case data = 65
  case noInput = 66
  case unavailable = 69
  case internalError = 70
  case system = 71
  case cannotCreate = 73
  case inputOutput = 74
  case permission = 77
  case configuration = 78

  /// What kind of file a failure is about; an empty file is bad data or a bad configuration.
  enum Subject: Sendable {
    case volume
    case model
    case settings
  }

  /// The status that belongs to the code of a failure.
  init(code: String, subject: Subject) {
    let family = code.prefix { $0 != "." }
    switch code {
    case "input.missing", "input.kind", "input.partner": self = .noInput
    case "input.permission", "output.permission": self = .permission
    case "input.empty", "input.pointer": self = subject == .volume ? .data : .configuration
    case "output.exists", "output.create": self = .cannotCreate
    case "output.space", "output.io", "input.io": self = .inputOutput
    case "memory.budget", "feature.missing": self = .unavailable
    case "memory.system", "threads.system", "files.system", "process.lost": self = .system
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
