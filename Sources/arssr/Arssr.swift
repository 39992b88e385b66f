import ArgumentParser
import Files
import Glibc
import SuperResolution
import Workers

/// The program: prepares the process, finds the command, runs it, and turns what goes wrong into
/// one line and an exit status.
@main
struct Arssr: ParsableCommand {
  static let version = Release.version

  static let configuration = CommandConfiguration(
    commandName: "arssr",
    abstract: "Super-resolve 3D MR images.",
    discussion: """
      Turns a volume into one of any higher resolution with a trained network, on ordinary CPUs. \
      Not a medical device.
      """,
    version: "arssr \(version)",
    subcommands: [
      Upsample.self, Bids.self, Degrade.self, Train.self, LearnFilters.self, Evaluate.self,
      Report.self, Models.self, Info.self, Bench.self,
    ])

  static func main() {
    StandardStreams.prepare()
    MemoryLimit.returnLargeArrays()
    Glibc.exit(run(Array(PathText.commandLine().dropFirst())).rawValue)
  }

  private static func run(_ arguments: [String]) -> ExitStatus {
    do throws(Failure) {
      switch try CommandLineParser.parse(arguments) {
      case .text(let text):
        try StandardStreams.printResult(text)
        return .ok
      case .command(let command):
        return try command.execute()
      }
    } catch {
      StandardStreams.printMessage(error.lines + "\n")
      return error.status
    }
  }
}

/// A command of the program.
protocol Command: ParsableCommand {
  /// Examples, files, exit statuses: what the help prints after the options.
  static var epilogue: String { get }

  /// Does the work.
  ///
  /// - Returns: `ok`, or a status for which the command has printed its reason itself.
  /// - Throws: Why the run was refused or broken off; the caller prints it.
  func execute() throws(Failure) -> ExitStatus
}
