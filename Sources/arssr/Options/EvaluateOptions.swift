import ArgumentParser
import Metrics
import Volumes

/// Options that say what is scored, and where.
struct ScoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A list of \(ScoreMetric.words.joined(separator: ", ")). (default: all but lpcsi; dice with "
        + "labels and lpips with weights only)",
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
      "Voxels at every face that are left out of psnr to hfen. (default: 0)", valueName: "n"))
  var border: String?

  @Option(
    help: ArgumentHelp(
      "uniform (7 x 7 x 7) or gaussian (sigma 1.5, 11 x 11 x 11). (default: uniform)",
      valueName: "window"),
    completion: .list(StructuralSimilarity.Window.words))
  var ssimWindow: String?

  @Option(
    help: ArgumentHelp(
      "Slices over which psi, lpcsi and lpips are averaged: all, or nonempty (the truth is above its "
        + "least value there; with --mask: slices that meet it). (default: all)",
      valueName: "which"),
    completion: .list(SliceChoice.words))
  var slices: String?

  @Flag(help: "Set what lies outside the mask to the truth's least value before psi and lpcsi.")
  var maskBackground = false

  @Flag(help: "Also give the values of every slice, in JSON.")
  var perSlice = false

  @Option(
    help: ArgumentHelp(
      "The network of lpips: \(PerceptualNetwork.words.joined(separator: " or ")). (default: alex)",
      valueName: "network"),
    completion: .list(PerceptualNetwork.words))
  var lpips: String?

  @Option(
    help: ArgumentHelp(
      "Its weights: torchvision's .pth, or .safetensors with the same names.", valueName: "file"),
    completion: .file())
  var lpipsWeights: String?

  @Option(
    help: ArgumentHelp(
      "Segmentation of a result, for dice; once per result, in their order. (default: the built-in "
        + "segmentation of result and truth)", valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var labels: [String] = []

  @Option(
    help: ArgumentHelp("Segmentation of the truth, for dice.", valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var truthLabels: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seed of the bootstrap intervals, and of --noise. (default: 0)", valueName: "n"))
  var seed: String?

  @Flag(
    help: ArgumentHelp(
      "Bring results that lie elsewhere onto the truth's grid, by cubic splines; labels by the "
        + "nearest voxel."))
  var resample = false
}

/// Options of models and methods that are scored on volumes made coarser.
struct ContenderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Volumes to degrade, bring back and compare with: a folder, a BIDS dataset, @list.txt or a file.",
      valueName: "folder"),
    completion: .directory)
  var truth: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Model by path or name; may be given several times.", valueName: "model"),
    completion: .model)
  var model: [String] = []

  @Option(
    help: ArgumentHelp(
      "nearest, linear, cubic or lanczos3; may be given several times.", valueName: "method"),
    completion: .list(InterpolationMethod.words))
  var method: [String] = []

  @OptionGroup var operatorOptions: OperatorOptions
  @OptionGroup var noise: NoiseLevelOptions
  @OptionGroup var nonFinite: NonFiniteOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Blur that models are told of, as for upsample. (default: that of the operator)",
      valueName: "width"))
  var psf: String?
}

/// Options about a file of scores.
struct ScoreFileOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the scores there as well: .csv, .json or .md.", valueName: "file"),
    completion: .file(extensions: ["csv", "json", "md"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "HTML report: pictures of the first frame, tables, box plots.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Flag(name: .shortAndLong, help: "Overwrite.")
  var force = false
}
