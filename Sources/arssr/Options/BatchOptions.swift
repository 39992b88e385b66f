import ArgumentParser

/// Options that say which volumes there are in a folder, and how results are named.
struct FolderOptions: ParsableArguments {
  @Flag(help: "Also folders in the folder.")
  var recursive = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What results have behind the names of their inputs. (default: \(NameSuffix.standard))",
      valueName: "text"))
  var suffix: String?

  @Flag(help: "Input and output are BIDS datasets.")
  var bids = false
}

/// Options of runs over many volumes.
struct BatchOptions: ParsableArguments {
  @Flag(
    help: """
      Leave results whose sidecar shows the same inputs, model and options; make the others, \
      replacing what has their names.
      """)
  var skipExisting = false

  @Option(
    help: ArgumentHelp(
      "Volumes at a time, among which threads and memory are divided. (default: 1)",
      valueName: "n"))
  var jobs: String?

  @Option(
    help: ArgumentHelp(
      "Only part k of n, of about the same number of voxels each. (default: all; in a Slurm array "
        + "the task's part)", valueName: "k/n"))
  var shard: String?

  @Flag(
    exclusivity: .chooseLast,
    help: "What follows a volume that fails. (default: --keep-going)")
  var policy: FailurePolicy?
}

/// What follows a volume that fails.
enum FailurePolicy: EnumerableFlag {
  case keepGoing
  case stopOnError

  static func help(for value: FailurePolicy) -> ArgumentHelp? {
    switch value {
    case .keepGoing: "Go on with the next volume where one fails. (default)"
    case .stopOnError: "Begin no further volume once one has failed."
    }
  }
}
