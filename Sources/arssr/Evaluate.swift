import ArgumentParser

/// `arssr evaluate`.
struct Evaluate: Command {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score results against a truth.",
    usage: """
      arssr evaluate [<options>] <result> ... <truth>
      arssr evaluate [<options>] --truth <folder> --model <model> ...
      """,
    discussion: """
      Compares every result with the last volume, voxel by voxel. All must lie on one grid, to \
      0.001 mm, unless --resample is given. Frames of a series are scored one by one and summed up, \
      with paired tests between the results.

      With --truth, every volume is made coarser, brought back by each model and method, and \
      compared; cases are summed up and compared in the same way.
      """)

  @Argument(
    help: "NIfTI files (.nii, .nii.gz), the truth last.",
    completion: .file(extensions: ["nii", "nii.gz"]))
  var volumes: [String] = []

  @OptionGroup(title: "Scores") var scores: ScoreOptions
  @OptionGroup(title: "Models") var contenders: ContenderOptions
  @OptionGroup(title: "Output") var file: ScoreFileOptions
  @OptionGroup(title: "Computing") var computing: ComputingOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  static let epilogue = """
    SCORES (d: result - truth):
      psnr   20 log10(range) - 10 log10(mean d^2), in dB
      ssim   structural similarity with 3D windows, mean over the voxels whose
             window lies inside, as scikit-image computes it
      mae    mean |d|
      rmse   root of mean d^2
      nrmse  root of sum d^2 / sum truth^2
      hfen   d over truth, both filtered by a Laplacian of a Gaussian (sigma 1.5)
      dice   overlap of labels, mean over the labels of either volume
             (without files of labels: three tissues by gray value and neighbours,
             which suits brain-masked T1w volumes)
      psi    perceptual sharpness of the result alone, mean over the slices of all
             three axes; slices with a side below 96 count 0
      lpcsi  local phase coherence sharpness of the result alone, mean over slices
             as above; constant slices count 0, those with a side below 8 nothing
      lpips  perceptual distance (version 0.1) by a network's features, mean over
             slices; those with a side below 31 (alex) or 16 (vgg) count nothing

      With a background of zeros, scores of whole volumes are far better than
      those of the object alone: use --mask. Where a voxel is not finite, or a
      score is not defined, it is nan (a string in JSON).

    EXAMPLES:
      Two results, whole and where the truth is above 0:
        arssr evaluate --mask foreground first.nii.gz second.nii.gz hr.nii.gz
      A table for a program:
        arssr evaluate --output scores.csv first.nii.gz second.nii.gz hr.nii.gz
      PSNR for data that span 0 to 255:
        arssr evaluate --metrics psnr --range fixed:0,255 first.nii.gz hr.nii.gz
      The overlap of tissues, and sharpness without a truth:
        arssr evaluate --metrics dice,psi,lpcsi first.nii.gz hr.nii.gz
      The default model and cubic interpolation on a folder of volumes:
        arssr evaluate --truth volumes --model brain-t1w --method cubic --scale 2

    OPERATORS:
      Those of "arssr degrade --help".

    FILES AND ENVIRONMENT:
      The file of --output holds what is printed; .csv has a line per result,
      frame and region, and no summary.

    EXIT STATUS:
      0 done, 64 usage, 65 bad volume or other grid, 66 no such input, 69 too
      little memory, 73 output exists or cannot be created, 74 reading or writing
      failed, 77 no permission, 128+n signal n.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "evaluate")
    let request = try EvaluateRequest(self, session: session)
    return session.run { () throws(Failure) in
      try EvaluateJob(request: request, session: session).run()
    }
  }
}
