import ArgumentParser

/// Options that say which grid the result has; at most one of them.
struct TargetOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Factor per axis, 1 or more. (default: 2)", valueName: "f[,f,f]"))
  var scale: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Spacing of the result, met exactly; its far edges move by at most half a voxel.",
      valueName: "mm[,mm,mm]"))
  var spacing: String?

  @Flag(help: "The finest input spacing on all axes.")
  var isotropic = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Voxels of the result.", valueName: "n,n,n"))
  var size: String?

  @Option(
    help: ArgumentHelp("The grid of this file; 0 outside the input.", valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var like: String?
}

/// Options that say what computes the values.
struct MethodOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Checkpoint by path or name. (default: \(ModelLibrary.defaultName))", valueName: "model"),
    completion: .model)
  var model: String?

  @Option(
    help: ArgumentHelp(
      "\(UpsampleMethod.words.joined(separator: ", ")). (default: model)", valueName: "method"),
    completion: .list(UpsampleMethod.words))
  var method: String?

  @Option(
    help: ArgumentHelp(
      "Intensity map before the network, undone after it: card, max, minmax, percentile:lo,hi, "
        + "scale:v or none. (default: card)",
      valueName: "map"))
  var normalisation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Blur of the input, FWHM over spacing: 0 point samples (the safe choice), 1 blurred to its "
        + "voxel size along the axes that become finer; i,j,k one per axis; auto as its sidecar "
        + "tells; only for models that ask for it. (default: the model's)",
      valueName: "width"))
  var psf: String?

  @Option(
    help: ArgumentHelp("Query points per tile. (default: planned)", valueName: "n"))
  var tile: String?

  @Option(
    help: ArgumentHelp(
      "For 3D-ESPCN: input voxels of tiles computed each by itself, as published (16), which leaves "
        + "seams.",
      valueName: "n"))
  var tileCompat: String?
}

/// Options that say which voxels are read and computed, and what may be in them.
struct InputOptions: ParsableArguments {
  @OptionGroup var frames: FrameOptions

  @Option(
    help: ArgumentHelp(
      "Compute only where this mask is not 0; same field of view, any size.", valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var mask: String?

  @Option(
    help: ArgumentHelp(
      "Image of another contrast on the grid of the result, for models that take two.",
      valueName: "file"),
    completion: .file(extensions: ["nii", "nii.gz"]))
  var guide: String?

  @Flag(help: "Interpolate the guide by its affine where it lies on another grid.")
  var guideResample = false

  @Option(
    help: ArgumentHelp("Outside the mask: zero or linear. (default: zero)", valueName: "value"),
    completion: .list(OutsideValue.words))
  var outside: String?

  @Option(
    help: ArgumentHelp(
      "A constant around the object: keep writes it where nothing else lies within 2 input voxels, "
        + "compute computes everything. (default: keep; compute with --exact)",
      valueName: "do"),
    completion: .list(BackgroundValue.words))
  var background: String?
}

/// Options that say how the result is written.
struct OutputOptions: ParsableArguments {
  @OptionGroup var files: FileOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Limits of the result: none, input or lo,hi. (default: none)", valueName: "range"))
  var clip: String?

  @Flag(help: "Origin as the published scripts write it, which is shifted.")
  var headerCompat = false

  @Flag(name: [.customShort("n"), .long], help: "Print the plan, write nothing.")
  var dryRun = false
}
