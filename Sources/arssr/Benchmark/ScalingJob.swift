import FusedInference
import Profiling
import Workers

/// `bench --scaling`: what a job would take with 1 to 128 cores, from its steps with one core, and
/// what it takes with the threads that there are.
struct ScalingJob {
  let request: BenchRequest
  let session: Session

  private static let stages: [StepRecord.Stage] = [.encode, .decode]
  private static let cores = [1, 2, 4, 8, 16, 32, 64, 128]

  /// What was measured with a number of threads.
  private struct Measured {
    var threads: Int
    var steps: [StepRecord]
    var runs: Int
    /// Seconds of the encoder and of the decoder.
    var seconds: [Double]
    var peaks: MachinePeaks
    var secondsPerCall: Double
    /// How many workers share the steps.
    var schedule: (_ workers: Int) -> [StepSchedule]
  }

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    let subject = try BenchSubject(request, console: session.console)
    guard subject.network.arssr != nil else {
      throw Failure(
        .conflict(
          options: ["--model", "--scaling"],
          reason: "how workers share the steps is known of networks of the ArSSR family only"))
    }
    let monitor = UpsampleMonitor(recorder: StepRecorder())
    var single: Measured?
    var several: Measured?
    try Signals.whileRunning(cancel: monitor.cancel) { () throws(Failure) in
      single = try measure(subject, monitor, threads: 1)
      several = try measure(subject, monitor, threads: nil)
    }
    session.console.progress.clear()
    guard let single, let several else { return .ok }
    let report = ScalingReport(
      subject: subject, sharing: { single.schedule($0) }, cores: Self.cores,
      model: ScalingModel(
        steps: single.steps, runs: single.runs,
        machine: ScalingModel.Machine(
          coreShare: min(1, several.peaks.gain / Double(several.threads)),
          bytesPerCore: single.peaks.copyOneCore, secondsPerCall: several.secondsPerCall)),
      memory: several.peaks.copyAllCores, peaks: several.peaks,
      measured: (several.threads, Array(zip(Self.stages, several.seconds))))
    try StandardStreams.printResult(
      session.format == .json ? report.json.document : report.text)
    return .ok
  }

  /// Runs the job with a number of threads; nil: as many as asked for.
  private func measure(
    _ subject: BenchSubject, _ monitor: UpsampleMonitor, threads: Int?
  ) throws(Failure) -> Measured {
    var computing = request.computing
    if let threads {
      computing.threads = Setting(
        value: .exactly(threads), text: "\(threads)", origin: .commandLine)
    }
    let machine = try Machine(computing, console: session.console)
    do {
      let benchmark = try UpsampleBenchmark(
        subject.measured, precision: computing.precision, kernels: machine.kernels,
        pool: machine.pool, memoryLimit: machine.memoryLimit, tile: nil,
        isExact: computing.isExact)
      session.console.release()
      let peaks = try MachinePeaks(
        kernels: machine.kernels, pool: machine.pool, caches: machine.topology.caches,
        memoryLimit: machine.memoryLimit)
      let results = try benchmark.measure(
        [.encode, .decode, .upsample],
        repetition: Repetition(samples: request.repetitions, leastSeconds: request.leastSeconds),
        monitor: monitor
      ) { session.console.progress.update(stage: "scaling", done: $0) }
      return Measured(
        threads: machine.pool.workerCount, steps: results[2].steps, runs: results[2].runs,
        seconds: results.prefix(2).map(\.seconds.median), peaks: peaks,
        secondsPerCall: CallMeasurement.secondsPerCall(machine.pool),
        schedule: benchmark.schedule)
    } catch {
      throw Failure(caught: error)
    }
  }
}
