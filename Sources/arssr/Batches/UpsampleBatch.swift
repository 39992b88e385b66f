import Files
import Synchronization
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
    let made = Mutex("nothing was written")
    return session.run(whenStopped: made.withLock { $0 }) { () throws(Failure) in
      let work = try session.reportingFailure({
        UpsampleReport.document([.failed(request, $0, warnings: console.warnings)], machine: nil)
      }) { () throws(Failure) in try prepare() }
      if request.dryRun {
        try BatchPlan(work, session: session).print()
        return .ok
      }
      let clock = ContinuousClock()
      let start = clock.now
      let ends = try work.run()
      let summary = BatchSummary(ends, of: work.volumes.count)
      made.withLock { $0 = summary.text }
      if Signals.stopRequest != nil { throw Failure(.unexpected("stopped")) }
      if session.format == .json {
        try StandardStreams.printResult(work.report(ends).document)
      }
      console.summarise(summary.lines(seconds: start.duration(to: clock.now).seconds))
      try summary.check()
      return .ok
    }
  }

  /// Finds the volumes, looks at them, and takes what the run needs.
  private func prepare() throws(Failure) -> BatchWork {
    let names = try batch.names()
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
    let name = request.method == .model ? request.model : "\(request.method.rawValue) interpolation"
    let target = request.scaleText.map { ", scale \($0)" } ?? ""
    return BIDSOutput(
      root: batch.output, source: BIDSDataset(root: batch.input), request: bids,
      method: SidecarParts.name(name) + target)
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
