import ArgumentParser
import Files
import FusedInference

/// `arssr models verify`.
struct ModelsVerify: Command {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a model: container, checksum, shapes, finiteness.",
    usage: "arssr models verify [<options>] <model>",
    discussion: """
      Reads the whole file under all rules, compares the checksum of the tensors where the file \
      has one, and recognises the network: no tensor may be missing, left over, of the wrong shape \
      or not finite. With golden files it also computes and compares.
      """)

  @Argument(help: "Checkpoint by path or name.", completion: .model)
  var model: String

  @Option(
    help: ArgumentHelp(
      "Folder with a manifest.json, an input and expected outputs.", valueName: "folder"),
    completion: .directory)
  var golden: String?

  @OptionGroup var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      The model that is used where none is named:
        arssr models verify \(ModelLibrary.defaultName)
      A file from elsewhere, before it is used:
        arssr models verify download.pt
      With the numbers that another implementation computed:
        arssr models verify --golden Tests/Golden/interim interim

    EXIT STATUS:
      0 sound, 1 differs from the golden files, 64 usage, 66 no such model, 77 no
      permission, 78 bad model or settings.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "models")
    return session.run { () throws(Failure) in
      guard !model.isEmpty else { throw Failure(.emptyPath(argument: "<model>")) }
      let loaded = try DescribedModel(path: ModelLibrary.path(of: model))
      loaded.notices.forEach(session.console.warn)
      let comparisons = try compare(loaded, console: session.console)
      session.console.release()
      try StandardStreams.printResult(
        session.format == .json
          ? Self.json(loaded, comparisons).document : Self.text(loaded, comparisons))
      let different = comparisons.map(\.comparison).filter { !$0.isWithinTolerance }
      if let first = different.first {
        throw Failure(
          .verificationDiffers(
            path: loaded.path, count: different.count, of: comparisons.count, first: first.name))
      }
      return .ok
    }
  }

  /// Compares on the default path and on the exact one.
  private func compare(
    _ model: DescribedModel, console: Console
  ) throws(Failure) -> [PathComparison] {
    guard let golden else { return [] }
    guard !golden.isEmpty else { throw Failure(.emptyPath(argument: "--golden")) }
    guard case .arssr(let network) = model.network else {
      throw Failure(
        .optionValue(
          option: "--golden", value: golden,
          reason: "compares networks of the ArSSR family only"))
    }
    do {
      let folder = try GoldenFolder(path: golden)
      let machine = try Machine(.standard, console: console)
      return try [false, true].flatMap { isExact in
        try Upsampler(
          network: network, kernels: machine.kernels, pool: machine.pool, isExact: isExact
        ).compare(with: folder).map { PathComparison(isExact: isExact, comparison: $0) }
      }
    } catch {
      throw Failure(caught: error, about: .model)
    }
  }

  private static func text(
    _ model: DescribedModel, _ comparisons: [PathComparison]
  ) -> String {
    let sound =
      "\(Escaping.path(model.path)): sound: \(model.network.architecture), "
      + "\(model.checkpoint.tensors.count) tensors, \(model.network.parameterCount) finite "
      + "parameters, sha256 \(model.checkpoint.fileSHA256)"
    let lines = comparisons.map { path in
      let comparison = path.comparison
      let verdict = comparison.isWithinTolerance ? "same" : "DIFFERENT"
      return "\(Escaping.text(comparison.name))\(path.isExact ? ", exact path" : ""): \(verdict), "
        + "largest difference "
        + "\(Float(comparison.difference)), allowed \(Float(comparison.tolerance))"
    }
    return ([sound] + lines).joined(separator: "\n")
  }

  private static func json(
    _ model: DescribedModel, _ comparisons: [PathComparison]
  ) -> JSON {
    .object([
      ("schema", .string("arssr.verify/1")), ("name", .string(model.name)),
      ("path", .string(model.path)), ("sha256", .string(model.checkpoint.fileSHA256)),
      ("kind", .string(model.network.architecture)),
      ("tensors", .integer(model.checkpoint.tensors.count)),
      ("parameters", .integer(model.network.parameterCount)), ("sound", .boolean(true)),
      (
        "comparisons",
        .array(
          comparisons.map { path in
            .object([
              ("name", .string(path.comparison.name)), ("exact", .boolean(path.isExact)),
              ("difference", .number(path.comparison.difference)),
              ("tolerance", .number(path.comparison.tolerance)),
              ("same", .boolean(path.comparison.isWithinTolerance)),
            ])
          })
      ),
      ("warnings", RunReport.warnings(model.notices)),
    ])
  }
}

/// A result on one of the paths against a golden file.
private struct PathComparison {
  var isExact: Bool
  var comparison: Upsampler.Comparison
}
