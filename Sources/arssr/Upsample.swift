import ArgumentParser

/// `arssr upsample`.
struct Upsample: Command {
  static let configuration = CommandConfiguration(
    commandName: "upsample",
    abstract: "Super-resolve a volume.",
    discussion: """
      Computes a volume of higher resolution with a trained network. The field of view and the \
      position in scanner space stay the same.
      """)

  @Argument(
    help: "NIfTI file (.nii, .nii.gz), or - for standard input.",
    completion: .file(extensions: ["nii", "nii.gz"]))
  var input: String

  @Argument(
    help: "NIfTI file (.nii, .nii.gz), or - for standard output.",
    completion: .file(extensions: ["nii", "nii.gz"]))
  var output: String

  @OptionGroup(title: "Target grid (one of)") var target: TargetOptions
  @OptionGroup(title: "Method") var methodOptions: MethodOptions
  @OptionGroup(title: "Input") var inputOptions: InputOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions
  @OptionGroup(title: "Whole result") var refinement: RefinementOptions
  @OptionGroup(title: "Computing") var computing: ComputingOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      Twice as fine on every axis:
        arssr upsample sub-01_T1w.nii.gz sub-01_sr.nii.gz
      Thick slices to isotropic voxels:
        arssr upsample --isotropic thick.nii.gz iso.nii.gz
      What would happen, and how long would it take?
        arssr upsample --dry-run --spacing 0.5 in.nii.gz out.nii.gz
      The same grid by interpolation, for comparison, within 4 GiB:
        arssr upsample --method cubic --max-memory 4G in.nii.gz cubic.nii.gz
      As above, with a page to show, and how far mirrored inputs lie apart:
        arssr upsample --report sr.html --uncertainty sd.nii.gz in.nii.gz sr.nii.gz
      In a pipe:
        zcat in.nii.gz | arssr upsample - - | gzip -n > out.nii.gz

    FILES AND ENVIRONMENT:
      out.nii.gz gets out.json, which says how it was made. Options can be set in
      $XDG_CONFIG_HOME/arssr/config.json and by ARSSR_THREADS, ARSSR_MAX_MEMORY,
      ARSSR_ISA, ARSSR_MODEL, ARSSR_MODEL_PATH, ARSSR_PROGRESS, ARSSR_LOG_LEVEL
      and ARSSR_CONFIG; 'arssr info --config-only' shows what holds.

    EXIT STATUS:
      0 done, 64 usage, 65 bad volume, 66 no such input, 69 too little memory,
      73 output exists or cannot be created, 74 reading or writing failed, 77 no
      permission, 78 bad model or settings, 128+n signal n.

    SOURCE:
      Wu et al., An Arbitrary Scale Super-Resolution Approach for 3D MR Images via
      Implicit Neural Representation, IEEE JBHI 27(2), 2023.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "upsample")
    let request = try UpsampleRequest(self, session: session)
    return session.run { () throws(Failure) in
      try UpsampleJob(request: request, session: session).run()
    }
  }
}
