import Files

/// Why processes cannot work together.
public enum ProcessGroupError: Error, Equatable, Sendable {
  /// The code of ``lost(reason:)``.
  public static let lostCode = "process.lost"

  /// `mpirun` has started several, and this build cannot talk to the others.
  case notBuilt(processes: Int)
  /// Another process ended, or what connects them failed.
  case lost(reason: String)
  /// The processes have come to different weights.
  case apart(step: Int)
}

extension ProcessGroupError: ReportableError {
  /// The identifier of the cause.
  public var code: String {
    switch self {
    case .notBuilt: "feature.missing"
    case .lost: Self.lostCode
    case .apart: "check.difference"
    }
  }

  /// No file is concerned.
  public var subject: String? { nil }

  /// The cause in words.
  public var message: String {
    switch self {
    case .notBuilt(let processes):
      "this build cannot train in \(processes) processes at once; build it with "
        + "swift build -c release --traits MPI"
    case .lost(let reason): "another process of this training was lost (\(Escaping.text(reason)))"
    case .apart(let step):
      "the processes of this training have different weights after step \(step); start all with "
        + "the same program, and with one --isa that all processors have"
    }
  }
}
