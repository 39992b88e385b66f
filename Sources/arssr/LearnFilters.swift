import ArgumentParser

/// `arssr learn-filters`.
struct LearnFilters: Command {
  static let configuration = CommandConfiguration(
    commandName: "learn-filters",
    abstract: "Learn gradient filters from volumes of your own.",
    usage: "arssr learn-filters [<options>] <source> <output>",
    discussion: """
      Makes low-resolution volumes from high-resolution ones, sorts voxels by the gradients around \
      them, and solves for the filter that restores each sort best. Minutes in place of hours, and \
      fast to apply; one factor per model. The result is a model for arssr upsample.
      """)

  @Argument(
    help: "Volumes: a folder, a BIDS dataset, a file, or @list.txt with a path per line.",
    completion: .directory)
  var source: String

  @Argument(
    help: "New file, ending in .safetensors.", completion: .file(extensions: ["safetensors"]))
  var output: String

  @OptionGroup(title: "Filters") var shape: FilterShapeOptions
  @OptionGroup(title: "Data") var data: FilterDataOptions
  @OptionGroup(title: "Solution") var solver: FilterSolverOptions
  @OptionGroup(title: "Run") var run: FilterRunOptions
  @OptionGroup(title: "Computing") var computing: KernelOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      Filters for factor 2 from a folder of heads, and one head with them:
        arssr learn-filters heads x2.safetensors && \\
          arssr upsample --model x2.safetensors in.nii.gz out.nii.gz
      The published settings:
        arssr learn-filters --scale 4 --mask-lr --solver cg --faces kept \\
          --pool 0 heads x4.safetensors
      On a small machine, for an hour; the same with --resume goes on:
        arssr learn-filters --max-memory 2G --time-limit 3600 heads x2.safetensors

    FILES AND ENVIRONMENT:
      While it works, <output>.state holds the sums of samples: up to 7.4 MB for
      each of the 576 buckets. The same volumes, options and instruction set give
      the same bytes, whatever the threads and memory and however often it was
      stopped.

    EXIT STATUS:
      0 done or stopped by --time-limit, 64 usage, 65 bad volume, 66 no such
      input, 69 too little memory, 73 output exists or cannot be created, 74
      reading or writing failed, 77 no permission, 78 bad state or settings,
      128+n signal n, saved.

    SOURCE:
      Park et al., J. Korea Multimedia Society 24(2), 2021; after Romano,
      Isidoro and Milanfar (RAISR), IEEE Trans. Comput. Imaging 3(1), 2017.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "learn-filters")
    let request = try LearnFiltersRequest(self, session: session)
    return session.run(whenStopped: "\(request.state) is what --resume goes on from") {
      () throws(Failure) in
      try LearnFiltersJob(request: request, session: session).run()
    }
  }
}
