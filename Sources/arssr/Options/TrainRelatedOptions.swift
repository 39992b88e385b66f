import ArgumentParser
import Training

/// Options of the networks that ArSSR is compared with.
struct TrainRelatedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "\(ArchitectureChoice.words.joined(separator: ", ")); see below. (default: arssr)",
      valueName: "name"),
    completion: .list(ArchitectureChoice.words))
  var arch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Layers of srrecnn3d, dense units of dcsrn, blocks of rescnn. (default: 10, 4, 3)",
      valueName: "n"))
  var layers: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Second kernel of srcnn3d, last kernel of dcsrn. (default: 1, 3)", valueName: "n"))
  var kernel: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Whole factors, trained together; one for espcn3d. (default: 2)", valueName: "n,..."))
  var factors: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Blur of low-resolution volumes, standard deviation in high-resolution voxels. (default: 1; "
        + "dcsrn, rescnn: 0)", valueName: "v"))
  var sigma: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The same as full width at half maximum in millimetres, whatever the voxels; in place of "
        + "--sigma.", valueName: "mm"))
  var fwhm: String?

  @Option(
    help: ArgumentHelp(
      "Intensity map before the network, in training and use: none (as espcn3d is published), "
        + "minmax, percentile:lo,hi, scale:v, or max, which is minmax in training. (default: max "
        + "for srrecnn3d and srcnn3d, else \(TrainingPreset.normalisation))", valueName: "map"))
  var normalisation: String?

  @Option(
    help: ArgumentHelp(
      "adam, as PyTorch has it, or descent with momentum 0.9. (default: as published)",
      valueName: "name"),
    completion: .list(OptimiserChoice.words))
  var optimiser: String?

  @Option(
    help: ArgumentHelp(
      "Contrast of the second image of srrecnn3d-multi, a file beside each volume. (default: T2w)",
      valueName: "name"))
  var guideSuffix: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Most patches of srrecnn3d and srcnn3d, in an order drawn once. (default: all)",
      valueName: "n"))
  var patches: String?

  @Option(
    help: ArgumentHelp(
      "published, or interpolation: the network begins as an interpolation, which it need not learn "
        + "then. (default: published)", valueName: "name"),
    completion: .list(StartChoice.words))
  var start: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether dcsrn adds the interpolated image to its result. (default: --no-residual)")
  var residual: Bool?
}
