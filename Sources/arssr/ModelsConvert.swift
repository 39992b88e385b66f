import ArgumentParser
import Checkpoints
import Files
import Networks

/// `arssr models convert`.
struct ModelsConvert: Command {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a checkpoint to safetensors with its card inside.",
    usage: "arssr models convert [<options>] <input> <output>",
    discussion: """
      Reads safetensors, PyTorch files (as data, nothing is executed), Caffe models, chainer \
      archives and the NumPy arrays of gradient filters, and writes safetensors. What the file \
      cannot say itself - residual base, padding, normalisation, licence - comes from --card and \
      --set.
      """)

  @Argument(help: "Checkpoint by path or name.", completion: .model)
  var input: String

  @Argument(
    help: "New file, ending in .safetensors.", completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(
    help: ArgumentHelp("JSON object of strings with the keys of --set.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var card: String?

  @Option(
    help: ArgumentHelp(
      "A value of the card, e.g. arssr.residual=bspline3; repeatable, wins over --card.",
      valueName: "key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Title of the model.", valueName: "text"))
  var name: String?

  @Flag(name: .shortAndLong, help: "Overwrite.")
  var force = false

  @OptionGroup var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      A checkpoint of the published program:
        arssr models convert ArSSR_RDN.pkl ArSSR_RDN.safetensors
      With its normalisation and licence:
        arssr models convert --set arssr.normalisation=minmax \\
          --set arssr.licence=MIT ArSSR_RDN.pkl ArSSR_RDN.safetensors
      A published Caffe model:
        arssr models convert SRCNN3D.caffemodel SRCNN3D.safetensors
      Learned filters, beside which Qfactor_str2 and Qfactor_coh2 lie:
        arssr models convert h_2.npy x2.safetensors

    FILES AND ENVIRONMENT:
      The same input and options give the same bytes; a date is written only where
      SOURCE_DATE_EPOCH is set.

    EXIT STATUS:
      0 done, 64 usage, 66 no such model, 73 output exists or cannot be created,
      74 reading or writing failed, 77 no permission, 78 bad model, card or
      settings.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "models")
    let settings = try checkedSettings()
    return session.run { () throws(Failure) in
      try Signals.watch(status: session.console.progress.printStatus)
      let source = try LoadedModel.checkpoint(at: ModelLibrary.path(of: input))
      if FileIdentity(path: source.path) == FileIdentity(path: output),
        FileIdentity(path: output) != nil
      {
        throw Failure(.outputIsInput(path: output))
      }
      source.notices.forEach(session.console.warn)
      do {
        var conversion = ModelConversion(
          programVersion: Arssr.version, sourceDate: try sourceDate())
        if let card { conversion.card = try CardFile.read(path: card) }
        conversion.settings = settings
        conversion.name = name
        let (file, network) = try conversion.convert(source)
        network.notices.forEach(session.console.warn)
        try file.write(path: output, force: force)
      } catch {
        throw Failure(caught: error, about: .model)
      }
      session.console.release()
      let report = ModelReport(try DescribedModel(path: output))
      if session.format == .json { try StandardStreams.printResult(report.json.document) }
      return .ok
    }
  }

  /// The date that reproducible builds give to what they make; nil if there is none.
  private func sourceDate() throws(NetworkError) -> Int? {
    let name = "SOURCE_DATE_EPOCH"
    do throws(NetworkFault) {
      return try SourceDate.read([name: Environment.value(name) ?? ""])
    } catch {
      // The message has the name.
      throw NetworkError(subject: nil, cause: error)
    }
  }

  private func checkedSettings() throws(Failure) -> [(key: String, value: String)] {
    for (argument, path) in [("<input>", input), ("<output>", output)] where path.isEmpty {
      throw Failure(.emptyPath(argument: argument))
    }
    guard output.lowercased().hasSuffix(".safetensors") else {
      throw Failure(.modelSuffix(path: output))
    }
    var settings: [(key: String, value: String)] = []
    for text in set {
      guard let separator = text.firstIndex(of: "="), separator != text.startIndex else {
        throw Failure(
          .optionValue(option: "--set", value: text, reason: "must be KEY=VALUE"))
      }
      settings.append(
        (String(text[..<separator]), String(text[text.index(after: separator)...])))
    }
    return settings
  }
}
