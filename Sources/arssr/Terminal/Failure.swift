import Files
import Volumes

/// Why a run was refused or broken off: everything that the error line, the exit status and the JSON
/// report need.
struct Failure: Error {
  /// Longest line that is printed, in bytes, without its line feed.
  static let longestLine = 512

  /// Stable identifier of the cause, such as `volume.truncated`.
  var code: String
  var status: ExitStatus
  /// File or option as the user gave it; printed escaped.
  var subject: String?
  /// What is wrong, with values and, where there is a sure one, the remedy.
  var message: String
  /// Whether the reader of standard output went away.
  var isBrokenPipe = false
  /// The figures of the message, for programs.
  var values: [(key: String, value: JSON)] = []

  init(_ error: some ReportableError, about kind: ExitStatus.Subject = .volume) {
    code = error.code
    status = ExitStatus(code: error.code, subject: kind)
    subject = error.subject
    message = error.message
    let cause = (error as? VolumeError)?.cause
    if case .brokenPipe? = error as? FileError { isBrokenPipe = true }
    if case .file(.brokenPipe)? = cause { isBrokenPipe = true }
  }

  /// An error of unknown kind, from work that can throw several.
  init(caught error: any Error, about kind: ExitStatus.Subject = .volume) {
    switch error {
    case let failure as Failure: self = failure
    case let error as any ReportableError: self.init(error, about: kind)
    default: self.init(.unexpected("\(error)"))
    }
  }

  init(_ error: CommandError) {
    self.init(error, about: .settings)
    values = error.values
  }

  /// Runs work of a module below; what it throws becomes a failure of this run.
  static func of<Value, E: ReportableError>(
    _ kind: ExitStatus.Subject = .volume, _ work: () throws(E) -> Value
  ) throws(Failure) -> Value {
    do throws(E) {
      return try work()
    } catch {
      throw Failure(error, about: kind)
    }
  }

  /// The same for work that concerns a file or model: its failure has that as its subject.
  static func of<Value, E: ReportableError>(
    _ kind: ExitStatus.Subject = .volume, at subject: String, _ work: () throws(E) -> Value
  ) throws(Failure) -> Value {
    do throws(E) {
      return try work()
    } catch {
      var failure = Failure(error, about: kind)
      failure.subject = subject
      throw failure
    }
  }

  /// The failure at a file or model, unless it has a subject already.
  func or(at subject: String) -> Failure {
    var failure = self
    failure.subject = self.subject ?? subject
    return failure
  }

  /// The failure with the volume that it happened to as its subject.
  func naming(_ input: String) -> Failure {
    guard subject != input else { return self }
    var failure = self
    failure.message = Self.text(subject: subject, message: message)
    failure.subject = input
    return failure
  }

  /// `arssr: error: SUBJECT: MESSAGE`, without line feed.
  var line: String {
    Self.shortened("arssr: error: " + Self.text(subject: subject, message: message))
  }

  /// Everything that is printed: the line, and for a wrong command line one that points to help.
  var lines: String {
    guard status == .usage else { return line }
    let words = Array(PathText.commandLine().dropFirst())
    return "\(line)\nSee '\(CommandLineParser.helpCall(for: words))'."
  }

  /// The part behind `arssr: error: `.
  static func text(subject: String?, message: String) -> String {
    guard let subject else { return message }
    return "\(Escaping.path(subject)): \(message)"
  }

  /// Cut at a character so that it fits the longest line.
  static func shortened(_ line: String) -> String {
    guard line.utf8.count > longestLine else { return line }
    let ellipsis = "…"
    var cut = line
    while cut.utf8.count + ellipsis.utf8.count > longestLine { cut.removeLast() }
    return cut + ellipsis
  }

  /// The form of the JSON reports.
  var json: JSON {
    .object([
      ("code", .string(code)), ("exit", .integer(Int(status.rawValue))),
      ("message", .string(Self.text(subject: subject, message: message))),
      ("values", .object(values)),
    ])
  }
}
