import ArgumentParser

/// `arssr upsample`.
struct Upsample: UpsamplingCommand {
  static let configuration = CommandConfiguration(
    commandName: "upsample",
    abstract: "Super-resolve volumes.",
    discussion: """
      Computes a volume of higher resolution with a trained network. The field of view and the \
      position in scanner space stay the same (models of related systems keep the outer voxel \
      centres, 3D-ESPCN the first). Folders, lists and BIDS datasets are worked through \
      volume by volume.
      """)

  @Argument(
    help: "NIfTI file (.nii, .nii.gz), folder, @list, or - for standard input.",
    completion: .file(extensions: ["nii", "nii.gz"]))
  var input: String

  @Argument(
    help: "NIfTI file (.nii, .nii.gz), folder, or - for standard output.",
    completion: .file(extensions: ["nii", "nii.gz"]))
  var output: String

  @OptionGroup(title: "Target grid (one of)") var target: TargetOptions
  @OptionGroup(title: "Method") var methodOptions: MethodOptions
  @OptionGroup(title: "Input") var inputOptions: InputOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions
  @OptionGroup(title: "Whole result") var refinement: RefinementOptions
  @OptionGroup(title: "Many volumes") var folders: FolderOptions
  @OptionGroup(title: "Many volumes") var batch: BatchOptions
  @OptionGroup(title: "BIDS datasets") var bidsOptions: BIDSOptions
  @OptionGroup(title: "Computing") var computing: ComputingOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  var isRecursive: Bool { folders.recursive }
  var nameSuffix: String? { folders.suffix }

  static let epilogue = """
    EXAMPLES:
      Twice as fine on every axis:
        arssr upsample sub-01_T1w.nii.gz sub-01_sr.nii.gz
      Thick slices to isotropic voxels:
        arssr upsample --isotropic thick.nii.gz iso.nii.gz
      What would happen, and how long would it take?
        arssr upsample --dry-run --spacing 0.5 in.nii.gz out.nii.gz
      With a page to show, and the error to expect of every voxel:
        arssr upsample --report sr.html --uncertainty sd.nii.gz in.nii.gz sr.nii.gz
      A whole folder within 4 GiB, going on where an earlier run stopped:
        arssr upsample --max-memory 4G --skip-existing scans/ sr/
      In a pipe:
        zcat in.nii.gz | arssr upsample - - | gzip -n > out.nii.gz

    FILES AND ENVIRONMENT:
      out.nii.gz gets out.json, which says how it was made. Options can be set in
      $XDG_CONFIG_HOME/arssr/config.json and by ARSSR_THREADS, ARSSR_MAX_MEMORY,
      ARSSR_ISA, ARSSR_MODEL, ARSSR_MODEL_PATH, ARSSR_PROGRESS, ARSSR_LOG_LEVEL
      and ARSSR_CONFIG; 'arssr info --config-only' shows what holds.

    EXIT STATUS:
      0 done, 1 some volumes of many failed, 64 usage, 65 bad volume, 66 no such
      input, 69 too little memory, 73 output exists or cannot be created, 74
      reading or writing failed, 77 no permission, 78 bad model or settings,
      128+n signal n.

    SOURCE:
      Wu et al., An Arbitrary Scale Super-Resolution Approach for 3D MR Images via
      Implicit Neural Representation, IEEE JBHI 27(2), 2023.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "upsample")
    let request = try UpsampleRequest(self, session: session)
    guard let batch = try BatchRequest.of(self, request, reader: OptionReader(session: session))
    else {
      try request.checkPaths()
      return session.run { () throws(Failure) in
        try UpsampleJob(request: request, session: session).run()
      }
    }
    return UpsampleBatch(batch, request: request, session: session).run()
  }
}

/// A command that upsamples: what it reads and writes, and the options that say how.
protocol UpsamplingCommand: Command {
  var input: String { get }
  var output: String { get }
  var target: TargetOptions { get }
  var methodOptions: MethodOptions { get }
  var inputOptions: InputOptions { get }
  var outputOptions: OutputOptions { get }
  var refinement: RefinementOptions { get }
  var batch: BatchOptions { get }
  var bidsOptions: BIDSOptions { get }
  var isRecursive: Bool { get }
  var nameSuffix: String? { get }
  var computing: ComputingOptions { get }
}
