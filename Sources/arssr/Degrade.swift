import ArgumentParser

/// `arssr degrade`.
struct Degrade: Command {
  static let configuration = CommandConfiguration(
    commandName: "degrade",
    abstract: "Make a coarser volume by a stated operator.",
    discussion: """
      Makes low-resolution data from a volume, to train or to measure with. The result lies where \
      the operator puts it in scanner space, and the JSON beside it holds every number that is \
      needed to make it again.
      """)

  @Argument(
    help: "NIfTI file (.nii, .nii.gz), or - for standard input.",
    completion: .file(extensions: ["nii", "nii.gz"]))
  var input: String

  @Argument(
    help: "NIfTI file (.nii, .nii.gz), or - for standard output.",
    completion: .file(extensions: ["nii", "nii.gz"]))
  var output: String

  @OptionGroup(title: "Operator") var operatorOptions: OperatorOptions
  @OptionGroup(title: "Noise") var noiseOptions: NoiseOptions
  @OptionGroup(title: "Input") var inputOptions: DegradeInputOptions
  @OptionGroup(title: "Output") var files: FileOptions
  @OptionGroup(title: "Computing") var resources: ResourceOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  static let epilogue = """
    OPERATORS (n voxels, factor s: m voxels; voxel o lies at x in the input):
      cubic       B-spline samples, field of view kept: x = (o + 1/2) n/m - 1/2
      corner      B-spline samples between the outer voxel centres, as the published
                  networks were trained and scipy.ndimage.zoom does
      quadratic   smoothed samples between the outer voxel centres, as gradient
                  filters are learned on
      exact       B-spline samples at the exact spacing: x = (o + 1/2) s - 1/2
      origin      B-spline samples from voxel 0 on: x = o s
      psf         Gaussian slice profile of width --fwhm, then exact
      kspace      k-space cut to m frequencies per axis, field of view kept
      kspace-box  magnitude with all frequencies but -h ... h - 1 zeroed,
                  h = n / 2s; keeps the grid
      block       means of s voxels (s whole); what is left over is dropped
      area        means over the extent of the new voxels, field of view kept

    EXAMPLES:
      Half the resolution on every axis, by cubic samples:
        arssr degrade hr.nii.gz lr.nii.gz
      Thick slices of 4 mm with 3 % noise:
        arssr degrade --operator psf --spacing 1,1,4 --noise 3% hr.nii.gz lr.nii.gz
      The published training data:
        arssr degrade --operator corner --scale 2.5 hr.nii.gz lr.nii.gz
      A 3D acquisition of lower resolution:
        arssr degrade --operator kspace --scale 2 hr.nii.gz lr.nii.gz

    FILES AND ENVIRONMENT:
      lr.nii.gz gets lr.json, which says how it was made. The same input and
      options give the same bytes, noise included, whatever the threads.

    EXIT STATUS:
      0 done, 64 usage, 65 bad volume, 66 no such input, 69 too little memory,
      73 output exists or cannot be created, 74 reading or writing failed, 77 no
      permission, 128+n signal n.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "degrade")
    let request = try DegradeRequest(self, session: session)
    return session.run { () throws(Failure) in
      try DegradeJob(request: request, session: session).run()
    }
  }
}
