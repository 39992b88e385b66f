import ArgumentParser

/// Options that say what a report compares a result with.
struct ComparedOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The volume that the result was made from.", valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var input: String?

  @Option(
    name: .customLong("truth"),
    help: ArgumentHelp("A measured volume on the result's grid.", valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var truth: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Blur of the input, FWHM over spacing, or i,j,k one per axis, by which the result is measured "
        + "again. (default: what the result's sidecar says, else 0: point samples)",
      valueName: "width"))
  var measuredPsf: String?

  @OptionGroup var nonFinite: NonFiniteOptions
}

/// Options about the file of a report.
struct ReportFileOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The HTML file.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var output: String

  @Flag(name: .shortAndLong, help: "Overwrite.")
  var force = false
}
