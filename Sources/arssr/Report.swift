import ArgumentParser

/// `arssr report`.
struct Report: Command {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show a result, its input and its truth in one HTML file.",
    discussion: """
      The file holds all that it shows and loads nothing from a network: three planes with a border \
      to drag between input, cubic interpolation, result and truth, differences, details, the \
      intensity along a line, power spectra, histograms, agreement with the measurement, a search \
      for seams, scores, settings, and what super-resolution cannot promise.
      """)

  @Argument(
    help: "The result: a NIfTI file (.nii, .nii.gz); of a series the first frame.",
    completion: .file(extensions: ["nii", "nii.gz"]))
  var result: String

  @OptionGroup(title: "Compared with") var compared: ComparedOptions
  @OptionGroup(title: "Output") var file: ReportFileOptions
  @OptionGroup(title: "Computing") var resources: ResourceOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      A result beside the volume that it was made from:
        arssr report result.nii.gz --input coarse.nii.gz --output report.html
      With a truth, for scores and differences:
        arssr report result.nii.gz -i coarse.nii.gz --truth hr.nii.gz -o report.html

    FILES AND ENVIRONMENT:
      Settings and provenance come from the JSON beside the result, where there is
      one. The file takes at most 6 MB: of large volumes every n-th slice is shown,
      each in full resolution.

    EXIT STATUS:
      0 done, 64 usage, 65 bad volume or other grid, 66 no such input, 69 too
      little memory, 73 output exists or cannot be created, 74 reading or writing
      failed, 77 no permission, 128+n signal n.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "report")
    let request = try ReportRequest(self, session: session)
    return session.run { () throws(Failure) in
      try ReportJob(request: request, session: session).run()
    }
  }
}
