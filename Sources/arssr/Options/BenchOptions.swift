import ArgumentParser

/// Options that say what `bench` measures, and how often.
struct BenchOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Checkpoint by path or name, or random:rdn, random:rescnn or random:srresnet for the "
        + "published sizes with random weights. (default: \(ModelLibrary.defaultName))",
      valueName: "model"),
    completion: .model)
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Voxels of the synthetic input. (default: 64,64,64)", valueName: "n,n,n"))
  var size: String?

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Factor per axis, 1 or more. (default: 2)", valueName: "f[,f,f]"))
  var scale: String?

  @Option(
    help: ArgumentHelp(
      "Share of the synthetic input that is background, 0 around an ellipsoid, and kept: 0 or 0.5 "
        + "to 0.99. (default: 0)", valueName: "share"))
  var background: String?

  @Option(help: ArgumentHelp("Samples after one run to warm up. (default: 5)", valueName: "n"))
  var repetitions: String?

  @Option(
    help: ArgumentHelp(
      "Least time of all samples together; short runs are repeated. (default: 1)",
      valueName: "seconds"))
  var minSeconds: String?

  @Option(
    help: ArgumentHelp(
      "Measure with 1, 2, 4, ... threads, every isa, or several sizes of tile.",
      valueName: BenchSweep.words.joined(separator: "|")),
    completion: .list(BenchSweep.words))
  var sweep: String?

  @Flag(
    help: ArgumentHelp(
      "Measure the costs by which layers get their algorithm, to be compiled in; nothing else."))
  var calibrate = false

  @Flag(
    help: ArgumentHelp(
      "Predict the time with 1 to 128 cores from work, bytes and calls per layer, beside what is "
        + "measured here; nothing else."))
  var scaling = false

  @Flag(help: "Time, share of peak and bytes moved of every stage and layer.")
  var profile = false
}

/// Options about results that are kept.
struct BenchFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write the results there, as with --format json.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "Ratio to results saved before: above 1 it is faster now.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var compare: String?

  @Option(
    help: ArgumentHelp("Exit with 1 if a ratio of --compare is smaller.", valueName: "ratio"))
  var failBelow: String?

  @Flag(name: .shortAndLong, help: "Overwrite the file of --save.")
  var force = false
}
