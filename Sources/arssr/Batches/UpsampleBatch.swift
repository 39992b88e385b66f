import Files
import Glibc
import Volumes
import Workers

/// One run of `upsample` over many volumes: all are looked at first; then they are computed, and one
/// that fails leaves the others alone.
struct UpsampleBatch {
  private let batch: BatchRequest
  private let request: UpsampleRequest
  private let session: Session

  init(_ batch: BatchRequest, request: UpsampleRequest, session: Session) {
    self.batch = batch
    self.request = request
    self.session = session
  }

  private var console: Console { session.console }

  /// Runs it and reports what goes wrong.
  ///
  /// - Returns: The status of the program: that of partial work where some volumes failed.
  func run() -> ExitStatus {
    session.run(whenStopped: "results that are complete stay") { () throws(Failure) in
      let work = try session.reportingFailure({
        UpsampleReport.document([.failed(request, $0, warnings: console.warnings)], machine: nil)
      }) { () throws(Failure) in try prepare() }
      if request.dryRun {
        let plan = try BatchPlan(work, session: session)
        console.release()
        try plan.print()
        try plan.check()
        return .ok
      }
      let clock = ContinuousClock()
      let start = clock.now
      summariseBeforeDying(work, since: start)
      let ends = try work.run()
      let summary = BatchSummary(ends, of: work.volumes.count)
      if Signals.stopRequest != nil { throw Failure(.unexpected("stopped")) }
      if session.format == .json {
        try StandardStreams.printResult(work.report(ends).document)
      }
      console.summarise(summary.lines(seconds: start.duration(to: clock.now).seconds))
      try summary.check()
      return .ok
    }
  }

  /// Has the summary printed where a signal ends the run; a reader that went away gets none.
  private func summariseBeforeDying(_ work: BatchWork, since start: ContinuousClock.Instant) {
    Signals.sayBeforeDying { [console, queue = work.queue, count = work.volumes.count] number in
      if number != SIGPIPE {
        let summary = BatchSummary(queue.ends, of: count, brokenOff: queue.runningCount)
        // One line: failures were told when they happened, and a pipe has little room.
        let lines = summary.lines(seconds: start.duration(to: .now).seconds)
        console.summarise(Array(lines.prefix(1)))
      }
      console.end(signal: number)
    }
  }

  /// Finds the volumes, looks at them, and takes what the run needs.
  private func prepare() throws(Failure) -> BatchWork {
    let names = try batch.names(console: console)
    try batch.check(names, file: request.file)
    let derivatives = derivatives
    try derivatives?.check()
    let modelPath = try request.method == .model ? ModelLibrary.path(of: request.model) : nil
    var needed = request.otherInputs.reversed().map { ($0.path, ExitStatus.Subject.volume) }
    if let modelPath { needed.append((modelPath, .model)) }
    try VolumeInput.checkExistence(needed)
    let volumes = own(names.map { BatchVolume($0, of: request) })
    let parts = try request.computing.divided(among: batch.jobs)
    if batch.stopsOnError, let refused = volumes.first(where: { $0.refusal != nil }),
      let refusal = refused.refusal
    {
      throw refusal.naming(refused.request.input)
    }
    let queue = VolumeQueue(count: volumes.count)
    if !request.dryRun {
      // Before any other thread exists: they inherit which signals are left to the watching one.
      try Signals.watch { queue.printStatus() }
    }
    let model = try modelPath.map { path throws(Failure) in try DescribedModel(path: path) }
    let slot = try BatchSlot(parts[0], model: model, console: console)
    if !request.dryRun {
      try Failure.of { () throws(FileError) in try OutputFolder.makeAll(path: batch.output) }
      try derivatives?.write()
    }
    return BatchWork(
      volumes: volumes, queue: queue, slot: slot, others: Array(parts.dropFirst()), model: model,
      stopsOnError: batch.stopsOnError, console: console)
  }

  /// The dataset that is written; nil where it is a folder of any files.
  private var derivatives: BIDSOutput? {
    guard case .dataset(let bids) = batch.source else { return nil }
    return BIDSOutput(batch, bids, of: request)
  }

  /// The volumes of this part of the set.
  private func own(_ volumes: [BatchVolume]) -> [BatchVolume] {
    guard let shard = batch.shard else { return volumes }
    let own = shard.volumes(of: volumes.map(\.voxels)).map { volumes[$0] }
    console.info(
      "part \(shard.part) of \(shard.count): \(own.count) of \(counted(volumes.count, "volume"))")
    return own
  }
}
