import ArgumentParser
import Checkpoints

/// Parses the command line with swift-argument-parser and says what is wrong with it in our words.
enum CommandLineParser {
  enum Outcome {
    /// Help, version, completion script: print it and be done.
    case text(String)
    case command(any Command)
  }

  static func parse(_ arguments: [String]) throws(Failure) -> Outcome {
    if let name = unknownCommand(arguments) {
      let names = path(of: withoutHelp(arguments)).subcommands.map(name(of:))
      throw Failure(.unknownCommand(name: name, nearest: NearestName.find(name, among: names)))
    }
    do {
      var command = try Arssr.parseAsRoot(arguments)
      if let command = command as? any Command { return .command(command) }
      // The parser's own command `help`, or a group of commands without the command.
      try command.run()
      throw Failure(.missingCommand)
    } catch let failure as Failure {
      throw failure
    } catch {
      guard Arssr.exitCode(for: error).isSuccess else {
        throw Failure(translated(Arssr.message(for: error)))
      }
      return .text(text(for: error, arguments))
    }
  }

  /// `arssr upsample --help` for a command line that is about `upsample`.
  static func helpCall(for arguments: [String]) -> String {
    (["arssr"] + path(of: arguments).names + ["--help"]).joined(separator: " ")
  }

  // MARK: - Help and version

  private static func text(for error: any Error, _ arguments: [String]) -> String {
    let message = Arssr.fullMessage(for: error, columns: 80)
    if message == Arssr.configuration.version {
      let isVerbose = arguments.contains { $0 == "--verbose" || $0 == "-v" || $0 == "-vv" }
      return isVerbose ? "\(message)\n\(BuildDescription.text)" : message
    }
    guard message.hasPrefix("OVERVIEW:") else { return message }
    let target = path(of: withoutHelp(arguments))
    guard let command = target.command as? any Command.Type else { return message }
    return message.trimmingSuffix(while: \.isNewline) + "\n\n" + command.epilogue
  }

  // MARK: - Which command a command line is about

  private struct Path {
    var names: [String]
    var command: any ParsableCommand.Type
    /// The first word that should have been the name of a command.
    var stray: String?
    var subcommands: [any ParsableCommand.Type] { command.configuration.subcommands }
  }

  private static func path(of arguments: [String]) -> Path {
    var path = Path(names: [], command: Arssr.self)
    for word in arguments where !path.subcommands.isEmpty {
      // No option stands before the name of a command, except those for help and version.
      if word.hasPrefix("-") { break }
      guard let next = path.subcommands.first(where: { name(of: $0) == word }) else {
        path.stray = word
        break
      }
      path.names.append(word)
      path.command = next
    }
    return path
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? ""
  }

  private static func unknownCommand(_ arguments: [String]) -> String? {
    path(of: withoutHelp(arguments)).stray
  }

  /// The words without the parser's own command, which stands first and names another.
  private static func withoutHelp(_ arguments: [String]) -> [String] {
    arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
  }

  // MARK: - The parser's messages

  /// What the parser says, in the form of all other messages.
  ///
  /// Its error types are not public, so its texts (version 1.8) are taken apart; one that is not
  /// known is passed on as it is.
  static func translated(_ message: String) -> CommandError {
    let text = String(message.prefix { !$0.isNewline })
    let quotes = text.split(separator: "'", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    guard let first = quotes.first else { return .notUnderstood(lowercasedStart(text)) }
    let option = String(first.prefix { $0 != " " })
    if text.hasPrefix("Unknown option") {
      return .unknownOption(name: first, nearest: quotes.count > 1 ? quotes[1] : nil)
    }
    if text.hasPrefix("Missing value for") { return .missingValue(option: option) }
    if text.hasPrefix("Missing expected argument") { return .missingArgument(first) }
    if text.hasPrefix("The option"), text.firstRange(of: "does not take any value") != nil {
      return .unexpectedValue(option: option)
    }
    if text.hasPrefix("Unexpected argument") || text.firstRange(of: "unexpected arguments") != nil {
      return .unexpectedArgument(first)
    }
    return .notUnderstood(lowercasedStart(text))
  }

  private static func lowercasedStart(_ text: String) -> String {
    text.prefix(1).lowercased() + text.dropFirst()
  }
}

extension String {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, predicate(last) { text.removeLast() }
    return String(text)
  }
}
