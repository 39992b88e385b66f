import Files
import Glibc
import Workers

/// What every command sets up first: settings, messages, the form of results.
struct Session: Sendable {
  /// The name of the command, for settings files.
  let command: String
  let settings: Settings
  let console: Console
  let format: ResultFormat

  /// Reads the settings and prepares messages as the common options ask.
  ///
  /// - Throws: If an option, variable or settings file is not in order, or the log file cannot be
  ///   opened.
  init(_ options: CommonOptions, command: String) throws(Failure) {
    self.command = command
    if options.quiet, options.verbose > 0 {
      throw Failure(
        .conflict(options: ["--quiet", "--verbose"], reason: "ask for one of the two"))
    }
    settings = try Settings.load(config: options.config)
    let format = try settings.value(
      OptionCatalogue.format, given: options.format, command: command)
    let progress = try settings.value(
      OptionCatalogue.progress, given: options.progress, command: command)
    let logPath = try settings.value(
      OptionCatalogue.logFile, given: options.logFile, command: command)
    let level = try Self.level(options)
    self.format = format?.value ?? .text
    let form = Self.progressForm(options.quiet ? .none : progress?.value ?? .auto)
    let log = try logPath.map { setting throws(Failure) in try LogFile(setting) }
    log?.append("arssr \(Arssr.version): \(Self.commandLine)")
    log?.append("cpu: \(ProcessorName.text)")
    log?.append(BuildDescription.text.replacing("\n", with: "; "))
    console = Console(level: level, log: log, progress: Progress(form: form))
    Signals.sayBeforeDying { [console] number in console.end(signal: number) }
  }

  /// The value of an option that holds; see ``Settings/value(_:given:command:)``.
  func value<Value>(_ key: OptionKey<Value>, _ given: String?) throws(Failure) -> Setting<Value>? {
    try settings.value(key, given: given, command: command)
  }

  /// Runs the command's work and reports what goes wrong: the way out of every command.
  ///
  /// - Parameters:
  ///   - whenStopped: What a signal leaves behind, in words.
  ///   - work: The work.
  /// - Returns: The status of the program.
  func run(
    whenStopped: @autoclosure () -> String = "nothing was written",
    _ work: () throws(Failure) -> ExitStatus
  ) -> ExitStatus {
    do throws(Failure) {
      let status = try work()
      console.summariseWarnings()
      console.end(status)
      return status
    } catch {
      if let number = Signals.stopRequest {
        console.progress.clear()
        console.info("stopped by a signal; \(whenStopped())")
        Signals.die(of: number)
      }
      // A reader that went away ends the program quietly, as it would any other.
      if error.isBrokenPipe { Signals.die(of: SIGPIPE) }
      console.report(error)
      console.end(error.status)
      return error.status
    }
  }

  /// Runs work that prints a document with `--format json`, and prints one that says why if it
  /// fails; a signal leaves none.
  func reportingFailure<Value>(
    _ document: (Failure) -> JSON, _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    do throws(Failure) {
      return try work()
    } catch {
      if format == .json, Signals.stopRequest == nil {
        try StandardStreams.printResult(document(error).document)
      }
      throw error
    }
  }

  private static func level(_ options: CommonOptions) throws(Failure) -> Console.Level {
    if options.quiet { return .error }
    if options.verbose > 0 { return options.verbose > 1 ? .debug : .info }
    guard let text = Environment.value("ARSSR_LOG_LEVEL") else { return .warning }
    do throws(OptionValueError) {
      return try Console.Level(optionText: text)
    } catch {
      throw Failure(
        .environmentValue(variable: "ARSSR_LOG_LEVEL", value: text, reason: error.reason))
    }
  }

  private static func progressForm(_ wish: ProgressForm) -> Progress.Form {
    switch wish {
    case .auto: Terminal.isInteractive ? .bar(.detect()) : .lines
    case .bar: .bar(.detect())
    case .lines: .lines
    case .json: .json
    case .none: .none
    }
  }

  private static var commandLine: String {
    PathText.commandLine().map(Escaping.path).joined(separator: " ")
  }
}
