import Files

/// A cause of refusal that does not know its file: what parsers of bytes in memory throw.
public protocol RefusalCause: Error, Sendable, Equatable {
  /// Stable identifier of the cause, for example `model.zip`.
  var code: String { get }
  /// What is wrong, with the values; text from the file is escaped and shortened.
  var message: String { get }
}

/// A cause together with the file or option it concerns.
public struct Refusal<Cause: RefusalCause>: ReportableError, Equatable {
  /// File or option as the user gave it.
  public var subject: String?
  /// What is wrong with it.
  public var cause: Cause

  /// A cause at a file or option.
  public init(subject: String?, cause: Cause) {
    self.subject = subject
    self.cause = cause
  }

  /// The identifier of the cause.
  public var code: String { cause.code }
  /// The message of the cause, without the subject.
  public var message: String { cause.message }
}

/// Why a checkpoint is not loaded.
public typealias CheckpointError = Refusal<CheckpointFault>

/// Why a JSON file is not accepted.
public typealias JSONError = Refusal<JSONFault>
