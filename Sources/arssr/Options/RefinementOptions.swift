import ArgumentParser

/// Options about a result as a whole, which is held in memory for them.
struct RefinementOptions: ParsableArguments {
  @Flag(
    help: """
      Change the result until it agrees with the input when it is measured again \
      (back-projection).
      """)
  var consistent = false

  @Flag(help: "Measure the result again and record how well it agrees with the input.")
  var checkConsistency = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Blur by which it is measured, FWHM over spacing, or i,j,k one per axis. (default: that of "
        + "--psf, else 0: point samples)", valueName: "width"))
  var measuredPsf: String?

  @Flag(help: "Mean over the 8 mirrorings of the input; takes 8 times as long.")
  var selfEnsemble = false

  @Flag(
    help: "Ensemble also over the orders of axes that spacing and target allow, 48 at most.")
  var permutations = false

  @Option(
    help: ArgumentHelp(
      "Expected error as a volume, a standard deviation in the units of the result, from the spread "
        + "of the ensemble by the model's calibration; implies --self-ensemble.",
      valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var uncertainty: String?

  @Flag(help: "Write the spread itself to --uncertainty, not calibrated.")
  var uncalibrated = false

  @Option(
    help: ArgumentHelp("HTML report of the run; see 'arssr report'.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?
}
