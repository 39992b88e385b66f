import ArgumentParser
import Networks
import Training

/// Options that say which filters are learned.
struct FilterShapeOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp(
      "Factor along all axes, a whole number. (default: 2; published: 4)", valueName: "n"))
  var scale: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Voxels of a filter along each axis, odd. (default: 11)", valueName: "n"))
  var patch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Voxels of the window in which gradients are seen, odd, at most --patch. (default: 9, or "
        + "--patch where that is less)",
      valueName: "n"))
  var gradientWindow: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bins of azimuth, polar angle, strength and coherence. (default: 8,8,3,3)",
      valueName: "a,p,s,c"))
  var buckets: String?

  @Option(
    help: ArgumentHelp(
      "Strength and coherence: \(GradientFilters.Features.words.joined(separator: ", ")). "
        + "(default: lambda1_coh2)",
      valueName: "name"),
    completion: .list(GradientFilters.Features.words))
  var features: String?
}

/// Options that say what filters are learned from.
struct FilterDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Contrasts to take from a BIDS dataset. (default: T1w)", valueName: "T1w,..."))
  var suffixes: String?

  @Option(
    help: ArgumentHelp(
      "How LR volumes are made: interpolation, kspace (all but one part in the factor of the "
        + "frequencies removed) or kspace-third (two thirds removed, as published). (default: "
        + "interpolation)",
      valueName: "kind"),
    completion: .list(LowResolutionKind.words))
  var lr: String?

  @Flag(help: "Make LR volumes 0 where the HR volume is 0, as published; no real one knows that.")
  var maskLr = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "One voxel in so many is a sample, drawn by the seed. (default: 3)", valueName: "n"))
  var sampling: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Another seed, other samples. (default: 0)", valueName: "n"))
  var seed: String?

  @Flag(help: "Sharpen the HR volumes first.")
  var sharpen = false
}

/// Options that say how filters follow, and how they will be applied.
struct FilterSolverOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "ridge, or cg: conjugate gradients with an early end, as published. (default: ridge)",
      valueName: "name"),
    completion: .list(FilterSolverKind.words))
  var solver: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What is added to the diagonal, as a part of its mean; for ridge. (default: 1e-5)",
      valueName: "f"))
  var regularisation: String?

  @Option(
    help: ArgumentHelp(
      "What products of samples are formed in: float32, added in float64 as published, or float64, "
        + "twice as slow. (default: float32)",
      valueName: "type"),
    completion: .list(FilterLearningSettings.Precision.words))
  var precision: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Samples that the mean filter of the same strength and coherence counts for beside a sort's own, "
        + "when the filters are applied; 0: for sorts without a filter alone. (default: 3000)",
      valueName: "n"))
  var pool: String?

  @Option(
    help: ArgumentHelp(
      "Voxels within half a filter of the volume's faces, when the filters are applied: mirrored "
        + "(filtered, the volume going on as its mirror image) or kept (interpolated, as published). "
        + "(default: mirrored)",
      valueName: "kind"),
    completion: .list(GradientFilters.Faces.words))
  var faces: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Census blending when the filters are applied: keep the interpolated value where more than so "
        + "many of 26 comparisons of neighbours turn over. (default: none; published: 10)",
      valueName: "n"))
  var blend: String?
}

/// Options that say how a run goes on.
struct FilterRunOptions: ParsableArguments {
  @Flag(help: "Go on where a run with the same options was stopped.")
  var resume = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Save and stop after so many seconds; --resume goes on. (default: none)", valueName: "s"))
  var timeLimit: String?

  @Option(
    help: ArgumentHelp(
      "JSON object of strings for the model's card, e.g. {\"arssr.licence\": \"CC0-1.0\"}.",
      valueName: "file"),
    completion: .file(extensions: ["json"]))
  var card: String?

  @Flag(
    name: .shortAndLong,
    help: "Overwrite, and without --resume put aside what an earlier run has saved.")
  var force = false
}
