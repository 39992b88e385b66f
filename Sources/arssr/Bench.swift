import ArgumentParser

/// `arssr bench`.
struct Bench: Command {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure this machine and the engine on it.",
    usage: "arssr bench [<options>] [<workload> ...]",
    discussion: """
      Measures what the cores can do at most, then how much of it the engine reaches on a synthetic \
      volume. Workloads: encode, decode and upsample (parts of the same runs in memory, and the \
      whole), kernels (each alone, on one core), memory (planned and measured peak), io (volume \
      files). The model may be of any kind. Effective GFLOP/s count the multiplications of the published function, executed ones \
      what was computed.
      """)

  @Argument(
    help: "\(BenchWorkload.words.joined(separator: ", ")). (default: upsample)",
    completion: .list(BenchWorkload.words))
  var workload: [String] = []

  @OptionGroup(title: "Measurement") var benchOptions: BenchOptions
  @OptionGroup(title: "Results") var files: BenchFileOptions
  @OptionGroup(title: "Computing") var computing: ComputingOptions
  @OptionGroup(title: "Messages") var common: CommonOptions

  static let epilogue = """
    EXAMPLES:
      How fast is the default model here?
        arssr bench --size 24
      Where does the time go?
        arssr bench --profile --size 24
      Has it become slower since?
        arssr bench --size 16 --save before.json && \\
          arssr bench --size 16 --compare before.json
      What do more threads bring?
        arssr bench encode decode --size 16 --min-seconds 0.2 --sweep threads

    FILES AND ENVIRONMENT:
      io writes files to $TMPDIR (/tmp) and removes them. Close other programs: a
      warning says where one took a core meanwhile.

    EXIT STATUS:
      0 done, 1 slower than --fail-below allows or a fast path beyond its error
      bound, 64 usage, 66 no such file, 69 too little memory, 73 output exists or
      cannot be created, 74 reading or writing failed, 78 bad model or settings.

    """

  func execute() throws(Failure) -> ExitStatus {
    let session = try Session(common, command: "bench")
    let request = try BenchRequest(self, session: session)
    return session.run { () throws(Failure) in
      try BenchJob(request: request, session: session).run()
    }
  }
}
