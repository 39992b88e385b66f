import Foundation
import TestSupport
import Testing

/// Help texts are part of what users see: a changed word must show in review.
///
/// The stored texts are made by `ARSSR_WRITE_HELP=1 swift test --filter HelpTests`.
@Suite struct HelpTests {
  static let commands = [
    "", "upsample", "bids", "degrade", "train", "learn-filters", "evaluate", "report", "models",
    "models list", "models info", "models convert", "models verify", "info", "bench",
  ]

  private static let stored = Repository.folder
    .appendingPathComponent("Tests/CommandTests/Help")

  private func words(_ command: String) -> [String] {
    command.split(separator: " ").map(String.init)
  }

  @Test(arguments: commands) func helpTextsAreAsStored(_ command: String) throws {
    let folder = try Scratch()
    let run = try Program.run(words(command) + ["--help"], in: folder)
    #expect(run.status == 0)
    #expect(run.error.isEmpty)
    let name = (["arssr"] + words(command)).joined(separator: "-") + ".txt"
    let place = Self.stored.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["ARSSR_WRITE_HELP"] != nil {
      try run.outputBytes.write(to: place)
    }
    #expect(run.output == (try String(contentsOf: place, encoding: .utf8)))
  }

  @Test(arguments: commands) func helpFitsEightyColumnsAndIsTheSameInAllForms(
    _ command: String
  ) throws {
    let folder = try Scratch()
    let long = try Program.run(words(command) + ["--help"], in: folder)
    let tooLong = long.output.split(separator: "\n").filter { $0.count > 80 }
    #expect(tooLong.isEmpty)
    let short = try Program.run(words(command) + ["-h"], in: folder)
    #expect(short.output == long.output)
    let asked = try Program.run(["help"] + words(command), in: folder)
    #expect(asked.output == long.output)
    let wide = try Program.run(
      words(command) + ["--help"], in: folder, environment: ["COLUMNS": "200"])
    #expect(wide.output == long.output)
  }

  /// Every command that does something ends its help with examples and exit statuses.
  @Test(arguments: commands.filter { !["", "models"].contains($0) })
  func helpHasExamplesAndExitStatuses(_ command: String) throws {
    let help = try Program.run(words(command) + ["--help"], in: try Scratch()).output
    #expect(help.contains("\nEXAMPLES:\n"))
    #expect(help.contains("\nEXIT STATUS:\n"))
    #expect(help.components(separatedBy: "  arssr \(command)").count >= 2)
  }

  @Test func theVersionIsOneLineAndMoreWithVerbose() throws {
    let folder = try Scratch()
    for line in ["--version", "upsample --version", "models list --version"] {
      let run = try Program.run(line, in: folder)
      #expect(run.status == 0)
      #expect(run.output.range(of: "^arssr [0-9.]+\n$", options: .regularExpression) != nil)
    }
    let verbose = try Program.run("--version -v", in: folder).output
    #expect(verbose.contains("build: "))
    #expect(verbose.contains("instruction sets: generic"))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsCanBeMade(_ shell: String) throws {
    let run = try Program.run("--generate-completion-script \(shell)", in: try Scratch())
    #expect(run.status == 0)
    #expect(run.output.contains("lanczos3"))
  }
}
