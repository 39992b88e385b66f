import Checkpoints

/// Everything that the user asked of `bench`, checked as far as words go.
struct BenchRequest: Sendable {
  var workloads: [BenchWorkload]
  var model: BenchModel
  var size: SIMD3<Int>
  var scale: SIMD3<Double>
  /// Share of the input that is background.
  var background: Double
  /// Nothing but the costs of algorithms is measured.
  var calibrates: Bool
  /// Nothing but the prediction for more cores is made.
  var scales: Bool
  var repetitions: Int
  var leastSeconds: Double
  var sweep: BenchSweep?
  var hasProfile: Bool
  var save: String?
  var compare: String?
  var leastRatio: Double?
  var force: Bool
  var computing: ComputingRequest

  /// Takes the options, the environment and the settings files together.
  ///
  /// Size and scale are those of the command line alone: settings of `upsample` shall not change
  /// what is measured.
  init(_ command: Bench, session: Session) throws(Failure) {
    let reader = OptionReader(session: session)
    let options = command.benchOptions
    workloads = try Self.workloads(command.workload)
    model =
      try reader.value(
        OptionKey<BenchModel>(
          "model", environment: OptionCatalogue.model.environment,
          builtIn: OptionCatalogue.model.builtIn), options.model)
      ?? .checkpoint(ModelLibrary.defaultName)
    size =
      try Self.given(OptionKey<BenchSize>("size", builtIn: "64,64,64"), options.size, reader)?
      .voxels
      ?? SIMD3(repeating: 64)
    scale =
      try Self.given(OptionKey<ScaleFactors>("scale", builtIn: "2"), options.scale, reader)?.factors
      ?? SIMD3(repeating: 2)
    background =
      try Self.given(
        OptionKey<BackgroundShare>("background", builtIn: "0"), options.background, reader)?.share
      ?? 0
    calibrates = options.calibrate
    scales = options.scaling
    repetitions =
      try reader.value(OptionCatalogue.repetitions, options.repetitions)?.count ?? 5
    leastSeconds = try reader.value(OptionCatalogue.minSeconds, options.minSeconds)?.seconds ?? 1
    sweep = try Self.given(
      OptionKey<BenchSweep>("sweep", builtIn: "none"), options.sweep, reader)
    hasProfile = options.profile
    save = try reader.path("save", command.files.save)
    compare = try reader.path("compare", command.files.compare)
    leastRatio = try Self.given(
      OptionKey<LeastRatio>("fail-below", builtIn: "none"), command.files.failBelow, reader)?.ratio
    force = command.files.force
    computing = try ComputingRequest(command.computing, reader: reader)
    if calibrates, scales {
      throw Failure(
        .conflict(options: ["--calibrate", "--scaling"], reason: "ask for one of the two"))
    }
    if calibrates || scales {
      let name = calibrates ? "--calibrate" : "--scaling"
      let others = [
        ("<workload>", !command.workload.isEmpty), ("--save", save != nil),
        ("--compare", compare != nil), ("--profile", hasProfile),
        ("--sweep", sweep != nil && !(calibrates && sweep == .isa)),
      ]
      if let (other, _) = others.first(where: \.1) {
        throw Failure(
          .conflict(options: [name, other], reason: "\(name) measures one thing of its own"))
      }
    }
    if leastRatio != nil, compare == nil {
      throw Failure(
        .conflict(options: ["--fail-below"], reason: "has a meaning only with --compare"))
    }
    if sweep == .isa, command.computing.kernels.isa != nil {
      throw Failure(
        .conflict(options: ["--sweep isa", "--isa"], reason: "ask for one of the two"))
    }
    if sweep == .tile, workloads.allSatisfy({ $0 == .io }) {
      throw Failure(.conflict(options: ["--sweep tile", "io"], reason: "io has no tiles"))
    }
  }

  /// The value of an option that only the command line can give.
  private static func given<Value>(
    _ key: OptionKey<Value>, _ text: String?, _ reader: OptionReader
  ) throws(Failure) -> Value? {
    text == nil ? nil : try reader.value(key, text)
  }

  private static func workloads(_ words: [String]) throws(Failure) -> [BenchWorkload] {
    var workloads: [BenchWorkload] = []
    for word in words {
      do throws(OptionValueError) {
        let workload = try BenchWorkload(optionText: word)
        if !workloads.contains(workload) { workloads.append(workload) }
      } catch {
        throw Failure(.optionValue(option: "<workload>", value: word, reason: error.reason))
      }
    }
    return workloads.isEmpty ? [.upsample] : workloads
  }
}
