import ArgumentParser
import Files
import Networks

/// `arssr models list`.
struct ModelsList: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the models that can be chosen by name.",
    usage: "arssr models list [<options>]",
    discussion: "The model that is used where none is named is marked with a star.")

  @Flag(help: "Also files that are refused or hidden by another of the same name.")
  var all = false

  @OptionGroup var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      Which models are there?
        arssr models list
      Why is one missing?
        arssr models list --all

    FILES AND ENVIRONMENT:
      Put models into $XDG_DATA_HOME/arssr/models (~/.local/share/arssr/models), or
      name folders in ARSSR_MODEL_PATH, separated by ':'.

    EXIT STATUS:
      0 done, 64 usage, 78 bad settings.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "models")
    return session.run { () throws(Failure) in
      let catalogue = ModelLibrary.catalogue
      let found = catalogue.summaries()
      let models = found.filter { all || $0.isUsable }
      session.console.release()
      try StandardStreams.printResult(
        session.format == .json
          ? Self.json(models, catalogue).document
          : Self.text(models, leftOut: found.count - models.count, catalogue))
      return .ok
    }
  }

  private static func text(
    _ models: [ModelSummary], leftOut: Int, _ catalogue: ModelCatalogue
  ) -> String {
    guard !models.isEmpty else {
      let reason = leftOut > 0 ? "no models that can be used (--all shows \(leftOut))" : "no models"
      return "\(reason); put some into one of\n"
        + catalogue.folders.map { "  \(Escaping.path($0))" }.joined(separator: "\n")
    }
    var rows = [["", "NAME", "KIND", "PARAMETERS", "SCALES", "CONTRAST", "LICENCE", "PATH"]]
    for model in models {
      let mark = model.isDefault ? "*" : " "
      switch model.facts {
      case .success(let facts):
        let contrasts = facts.card.contrasts.joined(separator: ",")
        rows.append([
          mark, Escaping.text(model.name), facts.architecture, "\(facts.parameterCount)",
          ScalesText.text(facts.card.scales), contrasts.isEmpty ? "-" : Escaping.text(contrasts),
          facts.card.licence.map(Escaping.text) ?? "-",
          Escaping.path(model.path) + (model.isShadowed ? " (hidden)" : ""),
        ])
      case .failure(let refused):
        rows.append([
          mark, Escaping.text(model.name), "refused", "-", "-", "-", "-",
          "\(Escaping.path(model.path)): \(refused.message)",
        ])
      }
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        column == row.count - 1
          ? text : text + String(repeating: " ", count: widths[column] - text.count + 1)
      }.joined()
    }.joined(separator: "\n")
  }

  private static func json(_ models: [ModelSummary], _ catalogue: ModelCatalogue) -> JSON {
    .object([
      ("schema", .string("arssr.models/1")), ("default", .string(ModelLibrary.defaultName)),
      ("folders", .strings(catalogue.folders)), ("models", .array(models.map(json))),
    ])
  }

  private static func json(_ model: ModelSummary) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("name", .string(model.name)), ("path", .string(model.path)),
      ("default", .boolean(model.isDefault)), ("hidden", .boolean(model.isShadowed)),
    ]
    switch model.facts {
    case .success(let facts):
      members += [
        ("kind", .string(facts.architecture)), ("parameters", .integer(facts.parameterCount)),
        ("scales", ScalesText.json(facts.card.scales)),
        ("contrast", .strings(facts.card.contrasts)), ("status", .optional(facts.card.status)),
        ("licence", .optional(facts.card.licence)), ("sha256", .string(facts.sha256)),
        ("error", .null),
      ]
    case .failure(let refused):
      members.append(
        (
          "error",
          .object([("code", .string(refused.code)), ("message", .string(refused.message))])
        ))
    }
    return .object(members)
  }
}

extension ModelSummary {
  /// Whether its name leads to it and it can be run.
  fileprivate var isUsable: Bool {
    guard case .success = facts else { return false }
    return !isShadowed
  }
}
