import ArgumentParser
import Files

/// `arssr models info`.
struct ModelsInfo: Command {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Describe a model.",
    usage: "arssr models info [<options>] <model>",
    discussion: """
      Prints the card, the function that is computed, the checksum, and memory and operations per \
      voxel at scale 2.
      """)

  @Argument(help: "Checkpoint by path or name.", completion: .model)
  var model: String

  @Flag(help: "List the tensors with their shapes too; JSON always has them.")
  var tensors = false

  @OptionGroup var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      The model that is used where none is named:
        arssr models info \(ModelLibrary.defaultName)
      A checkpoint of the published program:
        arssr models info ArSSR_RDN.pkl
      For a program:
        arssr models info --format json ArSSR_RDN.pkl

    EXIT STATUS:
      0 done, 64 usage, 66 no such model, 77 no permission, 78 bad model or
      settings.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "models")
    return session.run { () throws(Failure) in
      guard !model.isEmpty else { throw Failure(.emptyPath(argument: "<model>")) }
      let loaded = try DescribedModel(path: ModelLibrary.path(of: model))
      loaded.notices.forEach(session.console.warn)
      session.console.release()
      let report = ModelReport(loaded, listsTensors: tensors)
      try StandardStreams.printResult(
        session.format == .json ? report.json.document : report.text)
      return .ok
    }
  }
}
