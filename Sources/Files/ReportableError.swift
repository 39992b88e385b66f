/// What the command needs to know of an error: the line that it prints and the exit status.
///
/// The error enumeration of every module conforms. The texts follow the rules for messages: plain
/// words, the field concerned, the value found and the value wanted.
public protocol ReportableError: Error, Sendable {
  /// The stable identifier of the cause, such as `volume.truncated`; it decides the exit status.
  var code: String { get }

  /// The file or option concerned, as the user gave it and not escaped.
  var subject: String? { get }

  /// What is wrong, with detail in parentheses and a remedy after a semicolon where there is one.
  ///
  /// Without the subject, on one line, and already escaped where it quotes the content of a file.
  var message: String { get }
}

/// A warning: the work goes on, but the user should know.
public struct Notice: Sendable, Equatable {
  /// The identifier of the cause, from the same list as that of errors.
  public var code: String

  /// The file or option concerned, as the user gave it and not escaped.
  public var subject: String?

  /// What was found and what was done about it, in the form of ``ReportableError/message``.
  public var message: String

  /// Makes a warning.
  public init(code: String, subject: String? = nil, message: String) {
    self.code = code
    self.subject = subject
    self.message = message
  }
}
