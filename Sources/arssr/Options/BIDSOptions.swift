import ArgumentParser

/// Options of runs over a BIDS dataset: which of its volumes, and how results are named.
struct BIDSOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Only these participants, with or without sub-. (default: all)", valueName: "label"))
  var participantLabel: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Only these sessions, with or without ses-. (default: all)", valueName: "label"))
  var sessionLabel: [String] = []

  @Option(
    help: ArgumentHelp("Contrasts, e.g. T1w,T2w,FLAIR. (default: T1w)", valueName: "list"))
  var suffixes: String?

  @Option(
    help: ArgumentHelp(
      "JSON of entities and their values, as fMRIPrep takes it.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var bidsFilterFile: String?

  @Option(
    help: ArgumentHelp(
      "Label of the results; letters and digits. (default: arssr; for an interpolation its name)",
      valueName: "label"))
  var desc: String?

  @Flag(help: "Names of results say their resolution, e.g. res-2x or res-0p5mm.")
  var res = false

  @Option(
    help: ArgumentHelp(
      "Whether the skull was removed, yes or no. (default: as the sidecar of the input says, else "
        + "judged by its voxels)", valueName: "answer"),
    completion: .list(SkullAnswer.words))
  var skullStripped: String?
}

/// `--skull-stripped`.
enum SkullAnswer: String, WordValue {
  case yes
  case no
}

/// Options that BIDS apps have by convention.
struct BIDSAppOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The same as --threads.", valueName: "n"))
  var nprocs: String?

  @Option(
    help: ArgumentHelp("The same as --max-memory; a bare number is MiB.", valueName: "size"))
  var mem: String?

  @Option(
    name: .customShort("w"),
    help: ArgumentHelp("Taken as other apps take it; nothing is kept there.", valueName: "folder"),
    completion: .directory)
  var workFolder: String?

  @Flag(help: "Taken as other apps take it; datasets are not validated here.")
  var skipBidsValidation = false
}
