import ArgumentParser
import Metrics

/// Options that say what is scored, and where.
struct ScoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A list of \(ScoreMetric.words.joined(separator: ", ")). (default: all; dice with labels only)",
      valueName: "names"))
  var metrics: String?

  @Option(
    help: ArgumentHelp(
      "Also score inside a mask on the truth's grid: a file, foreground (truth above 0), or none. "
        + "(default: none)", valueName: "mask"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var mask: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Data range of psnr and ssim: truth (max - min of all its voxels) or fixed:LOW,HIGH. "
        + "(default: truth)", valueName: "range"))
  var range: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Voxels at every face that are left out of all but dice and psi. (default: 0)", valueName: "n"
    ))
  var border: String?

  @Option(
    help: ArgumentHelp(
      "uniform (7 x 7 x 7) or gaussian (sigma 1.5, 11 x 11 x 11). (default: uniform)",
      valueName: "window"),
    completion: .list(StructuralSimilarity.Window.words))
  var ssimWindow: String?

  @Option(
    help: ArgumentHelp(
      "Segmentation of a result, for dice; once per result, in their order.", valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var labels: [String] = []

  @Option(
    help: ArgumentHelp("Segmentation of the truth, for dice.", valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var truthLabels: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the bootstrap intervals. (default: 0)", valueName: "n"))
  var seed: String?
}

/// Options about a file of scores.
struct ScoreFileOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the scores there as well: .csv, .json or .md.", valueName: "file"),
    completion: .file(extensions: ["csv", "json", "md"]))
  var output: String?

  @Flag(name: .shortAndLong, help: "Overwrite.")
  var force = false
}
