import ArgumentParser
import Degradation

/// Options that say how a volume becomes coarser.
struct OperatorOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Factor per axis, 1 or more. (default: 2)", valueName: "f[,f,f]"))
  var scale: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Spacing of the result, in place of factors.", valueName: "mm[,mm,mm]"))
  var spacing: String?

  @Option(
    help: ArgumentHelp(
      "\(DegradationOperator.words.joined(separator: ", ")); see below. (default: cubic)",
      valueName: "name"),
    completion: .list(DegradationOperator.words))
  var `operator`: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Full width at half maximum of the slice profile, for psf (default: the target spacing); of a "
        + "Gaussian in place of --sigma, for corner.",
      valueName: "mm[,mm,mm]"))
  var fwhm: String?

  @Flag(help: "Take the input's own voxel width off the slice profile, in quadrature; for psf.")
  var deconvolve = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Blur by a Gaussian first, its standard deviation in input voxels; for corner, cubic, exact.",
      valueName: "v[,v,v]"))
  var sigma: String?

  @Flag(help: "Cut the far ends to multiples of the factor first.")
  var crop = false
}

/// Options that say which noise the result gets.
struct NoiseOptions: ParsableArguments {
  @OptionGroup var level: NoiseLevelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the noise, 0 or more. (default: 0)", valueName: "n"))
  var seed: String?
}

/// Options that say how much noise, and of which kind.
struct NoiseLevelOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation, as a share of the result's range (3%) or in its units. (default: none)",
      valueName: "level"))
  var noise: String?

  @Option(
    help: ArgumentHelp(
      "\(NoiseModel.Kind.words.joined(separator: " or ")). (default: rician)", valueName: "kind"),
    completion: .list(NoiseModel.Kind.words))
  var noiseKind: String?
}

/// Options that say what is read.
struct DegradeInputOptions: ParsableArguments {
  @OptionGroup var frames: FrameOptions

  @Option(
    help: ArgumentHelp(
      "Set the result to 0 where this mask is 0; same field of view, any size.",
      valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var mask: String?
}
