import Files
import FusedInference
import Glibc
import Profiling
import Workers

/// One run of `bench`: everything is checked first, then setting after setting is measured.
struct BenchJob {
  let request: BenchRequest
  let session: Session

  private var console: Console { session.console }

  /// - Throws: Why the run was refused or broken off, or which result is not good enough.
  func run() throws(Failure) -> ExitStatus {
    try Signals.watch { [console] in console.progress.printStatus() }
    if request.calibrates {
      return try CalibrationJob(request: request, session: session).run()
    }
    if request.scales { return try ScalingJob(request: request, session: session).run() }
    let before = try request.compare.map { path throws(Failure) in try SavedBench(path: path) }
    let subject = try BenchSubject(request, console: console)
    let machine = BenchMachine()
    let file = try request.save.map { path throws(Failure) in
      try Failure.of { () throws(FileError) in
        try AtomicOutputFile(path: path, force: request.force)
      }
    }
    var outcome = BenchOutcome(request: request, subject: subject, machine: machine, runs: [])
    let monitor = UpsampleMonitor(recorder: StepRecorder())
    try Signals.whileRunning(cancel: monitor.cancel) { () throws(Failure) in
      for setting in BenchSetting.all(request, mostThreads: try mostThreads()) {
        outcome.runs.append(try measure(setting, subject, monitor))
      }
    }
    console.progress.clear()
    if let before { outcome.compare(with: before) }
    try report(outcome, to: file)
    try judge(outcome)
    return .ok
  }

  /// Threads of a run without a sweep; the pool that tells is gone when the measured ones come.
  private func mostThreads() throws(Failure) -> Int {
    guard request.sweep == .threads else { return 1 }
    return try Machine(request.computing, console: console).pool.workerCount
  }

  // MARK: - Measuring

  private func measure(
    _ setting: BenchSetting, _ subject: BenchSubject, _ monitor: UpsampleMonitor
  ) throws(Failure) -> BenchRun {
    let machine = try Machine(setting.computing, console: console)
    do {
      return try measure(setting, subject, machine, monitor)
    } catch {
      throw Failure(caught: error)
    }
  }

  private func measure(
    _ setting: BenchSetting, _ subject: BenchSubject, _ machine: Machine,
    _ monitor: UpsampleMonitor
  ) throws -> BenchRun {
    let workloads = request.workloads
    let parts = UpsampleBenchmark.Part.allCases.filter {
      workloads.map(\.rawValue).contains($0.rawValue)
    }
    // Planned first: what does not fit is refused before anything is measured.
    let network =
      parts.isEmpty && !workloads.contains(.memory)
      ? nil
      : try UpsampleBenchmark(
        subject.measured, precision: setting.computing.precision, kernels: machine.kernels,
        pool: machine.pool, memoryLimit: machine.memoryLimit, tile: setting.tile,
        isExact: setting.computing.isExact)
    console.release()
    let peaks = try MachinePeaks(
      kernels: machine.kernels, pool: machine.pool, caches: machine.topology.caches,
      memoryLimit: machine.memoryLimit)
    var run = BenchRun(
      setting: setting, instructionSet: machine.instructionSet, threads: machine.pool.workerCount,
      numaNodes: machine.topology.nodes.count, peaks: peaks)
    let repetition = Repetition(samples: request.repetitions, leastSeconds: request.leastSeconds)
    func results(_ title: String, _ work: ((Double) -> Void) throws -> [BenchmarkResult]) throws {
      console.progress.start(input: "bench", plan: title, values: [("workload", .string(title))])
      run.results += try work { console.progress.update(stage: title, done: $0) }
        .map { BenchResult($0, run) }
    }
    run.layerCounts = network?.layerCounts ?? []
    if workloads.contains(.memory), let network {
      try results("memory") { _ in [try network.measureMemory(monitor: monitor)] }
    }
    if !parts.isEmpty, let network {
      try results(parts.map(\.rawValue).joined(separator: ", ")) {
        try network.measure(parts, repetition: repetition, monitor: monitor, progress: $0)
      }
      run.error = try pathError(network, setting, subject, machine, monitor)
    }
    if workloads.contains(.kernels) {
      try results("kernels") {
        try KernelBenchmark.measure(
          kernels: machine.kernels, tile: setting.tile ?? Upsampler.plannedTile,
          repetition: repetition, monitor: monitor, progress: $0)
      }
    }
    if workloads.contains(.io) {
      let folder = Environment.value("TMPDIR") ?? "/tmp"
      try results("io") {
        try VolumeFileBenchmark(size: subject.targetSize, folder: folder, pool: machine.pool)
          .measure(repetition: repetition, monitor: monitor, progress: $0)
      }
    }
    warn(run, machine)
    return run
  }

  /// The result of the measured path against that of the direct one, which `--exact` measures.
  private func pathError(
    _ network: UpsampleBenchmark, _ setting: BenchSetting, _ subject: BenchSubject,
    _ machine: Machine, _ monitor: UpsampleMonitor
  ) throws -> PathError? {
    guard !setting.computing.isExact else { return nil }
    let direct = try UpsampleBenchmark(
      subject.measured, kernels: machine.kernels, pool: machine.pool,
      memoryLimit: machine.memoryLimit, tile: setting.tile, isExact: true)
    return PathError(
      result: try network.output(monitor: monitor), direct: try direct.output(monitor: monitor),
      budget: network.errorBound)
  }

  // MARK: - Doubts

  /// Share of a core's time below which another process must have had the rest.
  private static let leastShare = 0.95
  /// Change of the peak that is no accident of measuring any more.
  private static let mostChange = 0.05

  /// Says what else used the machine, and whether its speed changed.
  private func warn(_ run: BenchRun, _ machine: Machine) {
    let interrupted = run.results.filter(\.measured.usage.wasInterrupted)
    if let first = interrupted.first {
      let more = interrupted.count > 1 ? ", and of \(interrupted.count - 1) more" : ""
      console.warn(
        Notice(
          code: "bench.interrupted", subject: first.label,
          message: "another process took a core \(first.measured.usage.involuntarySwitches) times "
            + "during this measurement\(more)"))
    }
    let share = run.peaks.oneCoreUsage.share(workers: 1)
    if share < Self.leastShare {
      console.warn(
        Notice(
          code: "bench.interrupted", subject: "peak",
          message: "only \(NumberText.fixed(100 * share, decimals: 0)) % of the time of a core was "
            + "this program's"))
    }
    let after = PeakMeasurement.operationsPerSecond(
      kernels: machine.kernels, pool: machine.pool, workers: 1, duration: 0.05
    ).maximum
    let change = after / run.peaks.oneCore - 1
    if abs(change) > Self.mostChange {
      console.warn(
        Notice(
          code: "bench.clock", subject: "peak",
          message:
            "changed by \(NumberText.fixed(100 * change, decimals: 0)) % during the run: the "
            + "clock is not steady, or the core is shared"))
    }
  }

  // MARK: - Results

  private func report(_ outcome: BenchOutcome, to file: AtomicOutputFile?) throws(Failure) {
    let report = BenchReport(outcome, warnings: console.warnings)
    if let file {
      try Failure.of { () throws(FileError) in
        try file.write(Array(report.json.document.utf8))
        try file.commit()
      }
    }
    try StandardStreams.printResult(
      session.format == .json ? report.json.document : BenchText(outcome).text)
  }

  /// - Throws: If a result was not compared well enough, or is too far from the direct path.
  private func judge(_ outcome: BenchOutcome) throws(Failure) {
    for run in outcome.runs {
      if let error = run.error, !error.isWithinBudget {
        throw Failure(
          .inexact(
            name: run.results.first?.name ?? outcome.subject.name, error: error.largest,
            budget: error.budget))
      }
    }
    guard let least = request.leastRatio else { return }
    let compared = outcome.results.compactMap { result in
      result.comparison.map { (result.name, $0.ratio) }
    }
    let slower = compared.filter { $0.1 < least }
    guard let worst = slower.min(by: { $0.1 < $1.1 }) else { return }
    throw Failure(
      .slower(
        name: worst.0, ratio: worst.1, least: least, count: slower.count, of: compared.count))
  }
}
