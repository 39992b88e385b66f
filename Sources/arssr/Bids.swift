import ArgumentParser
import Files

/// `arssr bids`: `upsample --bids` with the arguments that BIDS apps have.
struct Bids: UpsamplingCommand {
  static let configuration = CommandConfiguration(
    commandName: "bids",
    abstract: "Super-resolve a BIDS dataset, as a BIDS app.",
    discussion: """
      Writes a derivative dataset: a result with a sidecar per volume, or at group level a table \
      over participants.
      """)

  @Argument(
    help: ArgumentHelp("The source dataset.", valueName: "bids_dir"), completion: .directory)
  var input: String

  @Argument(
    help: ArgumentHelp("The derivative dataset; made if absent.", valueName: "output_dir"),
    completion: .directory)
  var output: String

  @Argument(
    help: ArgumentHelp("participant or group.", valueName: "level"),
    completion: .list(AnalysisLevel.words))
  var level: String

  @OptionGroup(title: "Choice and names") var bidsOptions: BIDSOptions
  @OptionGroup(title: "Target grid (one of)") var target: TargetOptions
  @OptionGroup(title: "Method") var methodOptions: MethodOptions
  @OptionGroup(title: "Input") var inputOptions: InputOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions
  @OptionGroup(title: "Whole result") var refinement: RefinementOptions
  @OptionGroup(title: "Many volumes") var batch: BatchOptions
  @OptionGroup(title: "Computing") var given: ComputingOptions
  @OptionGroup(title: "BIDS apps") var app: BIDSAppOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  var isRecursive: Bool { false }
  var nameSuffix: String? { nil }

  /// The options for the machine, those by the names of BIDS apps among them.
  var computing: ComputingOptions {
    var options = given
    if options.kernels.resources.threads == nil { options.kernels.resources.threads = app.nprocs }
    if options.kernels.resources.maxMemory == nil, let size = app.mem {
      options.kernels.resources.maxMemory = NumberText.integer(size) == nil ? size : size + "M"
    }
    return options
  }

  static let epilogue = """
    EXAMPLES:
      All T1-weighted volumes of a dataset:
        arssr bids dataset derivatives/arssr participant
      One participant at 0.7 mm, within 4 GB:
        arssr bids dataset out participant --participant-label 01 \\
          --spacing 0.7 --mem 4000
      Which volumes have results, and which not?
        mkdir out && arssr bids dataset out group

    FILES AND ENVIRONMENT:
      dataset_description.json and descriptions.tsv are made where they are
      missing. Options can be set in $XDG_CONFIG_HOME/arssr/config.json, under
      "upsample". In a Slurm array each task does its part.

    EXIT STATUS:
      0 done, 1 some volumes failed, 64 usage, 65 bad volume, 66 no such input, 69
      too little memory, 73 output exists or cannot be created, 74 reading or
      writing failed, 77 no permission, 78 bad model or settings, 128+n signal n.

    SOURCE:
      Gorgolewski et al., BIDS apps: Improving ease of use, accessibility, and
      reproducibility of neuroimaging data analysis methods, PLOS Computational
      Biology 13(3), 2017.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "upsample")
    let request = try UpsampleRequest(self, session: session)
    let reader = OptionReader(session: session)
    let level: AnalysisLevel? = try reader.argument("level", level)
    let batch = try BatchRequest(
      dataset: self, request, reader: reader, isDivided: level != .group)
    guard level == .group, case .dataset(let bids) = batch.source else {
      return UpsampleBatch(batch, request: request, session: session).run()
    }
    return session.run { () throws(Failure) in
      try BIDSGroup(batch: batch, bids: bids, request: request).write(console: session.console)
      return .ok
    }
  }
}

/// The level of a BIDS app: participants one by one, or all together.
enum AnalysisLevel: String, WordValue {
  case participant
  case group
}
