import ArgumentParser
import Degradation

/// Options that say how low-resolution volumes come about, and how patches are varied.
struct TrainDrawingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Operators of arssr degrade, each with how often it is drawn beside the others: exact, cubic, "
        + "corner, origin, area, kspace, psf. (default: exact:3,kspace:1,psf:4; without "
        + "deconvolution exact:1,psf:1)", valueName: "name[:n],..."))
  var operators: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Range of the blur of psf, FWHM over the new spacing. (default: 0..1.5; without "
        + "deconvolution 1..1)", valueName: "a..b"))
  var blur: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of volumes that are coarser along one axis only. (default: 0.3; without deconvolution "
        + "0.2)", valueName: "f"))
  var oneAxis: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of volumes with a factor of its own along each axis. (default: 0)", valueName: "f"))
  var perAxis: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Most noise: its standard deviation as a share of the range, where a blur was divided out "
        + "behind that. (default: 1%; without deconvolution 0%)", valueName: "share"))
  var noise: String?

  @Option(
    help: ArgumentHelp(
      "\(NoiseModel.Kind.words.joined(separator: " or ")). (default: gaussian; without "
        + "deconvolution rician)", valueName: "name"),
    completion: .list(NoiseModel.Kind.words))
  var noiseKind: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Intensities of a patch are multiplied by exp(-v) to exp(v). (default: 0.25)",
      valueName: "v"))
  var brightness: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Intensities of a volume are raised to exp(-v) to exp(v), before it is made coarser. "
        + "(default: 0)", valueName: "v"))
  var gamma: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Mirror patches and exchange their axes at random. (default: --mirrors)")
  var mirrors: Bool?
}
