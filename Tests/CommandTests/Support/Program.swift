import Foundation
import Synchronization
import Testing

/// Runs the built program as a user would.
enum Program {
  /// What a run left behind.
  struct Run: CustomStringConvertible {
    /// The exit status; 128 + n for a program that died of signal n.
    var status: Int
    var output: String
    var outputBytes: Data
    var error: String
    var arguments: [String]

    /// Lines on standard error.
    var errorLines: [String] {
      error.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }

    var description: String {
      "arssr \(arguments.joined(separator: " ")): status \(status)\n\(output.prefix(2000))"
        + "\n\(error.prefix(2000))"
    }
  }

  /// The program lies beside the test bundle.
  static let path: String = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("arssr").path
  }()

  /// Variables that would change what a test expects.
  private static let cleared = [
    "ARSSR_THREADS", "ARSSR_MAX_MEMORY", "ARSSR_ISA", "ARSSR_MODEL", "ARSSR_MODEL_PATH",
    "ARSSR_LOG_LEVEL", "ARSSR_PROGRESS", "ARSSR_CONFIG", "OMP_NUM_THREADS",
    "SLURM_CPUS_PER_TASK", "SLURM_ARRAY_TASK_ID", "XDG_DATA_HOME", "SOURCE_DATE_EPOCH", "NO_COLOR",
    "CLICOLOR_FORCE",
  ]

  /// Runs the program in a folder, with at most ten seconds to live.
  ///
  /// - Parameters:
  ///   - arguments: The words after the program's name.
  ///   - folder: The current folder; its `config` and `home` stand for the user's own.
  ///   - input: What standard input holds; nil: nothing.
  ///   - environment: Variables to add.
  ///   - shell: A shell script in place of the program; `"$ARSSR"` is the program in it.
  /// - Returns: Status and texts.
  /// - Throws: If the program cannot be started.
  static func run(
    _ arguments: [String], in folder: Scratch, input: Data? = nil,
    environment: [String: String] = [:], shell: String? = nil
  ) throws -> Run {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: shell == nil ? path : "/bin/sh")
    process.arguments = shell.map { ["-c", $0, "sh"] + arguments } ?? arguments
    process.currentDirectoryURL = folder.url
    var variables = ProcessInfo.processInfo.environment
    for name in cleared { variables[name] = nil }
    variables["XDG_CONFIG_HOME"] = folder.path("config")
    variables["HOME"] = folder.path("home")
    variables["LC_ALL"] = "C.UTF-8"
    variables["ARSSR"] = path
    variables["SWIFT_BACKTRACE"] = "enable=no"
    variables.merge(environment) { $1 }
    process.environment = variables

    let streams = try Scratch()
    let output = try streams.makeFile("output")
    let error = try streams.makeFile("error")
    process.standardOutput = output
    process.standardError = error
    if let input {
      try input.write(to: streams.url.appendingPathComponent("input"))
      process.standardInput = try FileHandle(
        forReadingFrom: streams.url.appendingPathComponent("input"))
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    // Ends what hangs. No measure of speed: many programs run at once, on machines of any kind.
    if ended.wait(timeout: .now() + 60) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    let bytes = try Data(contentsOf: streams.url.appendingPathComponent("output"))
    let died = process.terminationReason == .uncaughtSignal
    return Run(
      status: Int(process.terminationStatus) + (died ? 128 : 0),
      output: String(decoding: bytes, as: UTF8.self), outputBytes: bytes,
      error: String(
        decoding: try Data(contentsOf: streams.url.appendingPathComponent("error")),
        as: UTF8.self),
      arguments: arguments)
  }

  /// Runs a line of words that are separated by blanks.
  static func run(_ line: String, in folder: Scratch, input: Data? = nil) throws -> Run {
    try run(line.split(separator: " ").map(String.init), in: folder, input: input)
  }

  /// Runs a line of words that must end with a status.
  @discardableResult
  static func run(
    _ line: String, in folder: Scratch, endsWith status: Int,
    location: SourceLocation = #_sourceLocation
  ) throws -> Run {
    let run = try Self.run(line, in: folder)
    #expect(run.status == status, "\(run)", sourceLocation: location)
    return run
  }
}
