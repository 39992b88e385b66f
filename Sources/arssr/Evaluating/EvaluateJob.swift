import Files
import Metrics
import Volumes
import Workers

/// One run of `evaluate`: everything is checked first, cheapest first; then it computes.
struct EvaluateJob {
  let request: EvaluateRequest
  let session: Session

  private var console: Console { session.console }

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    try Signals.watch { [console] in console.progress.printStatus() }
    return try session.reportingFailure({
      EvaluateReport.failed(request, $0, warnings: console.warnings)
    }) { () throws(Failure) in
      try VolumeInput.checkExistence(request.inputs.map { (path: $0, kind: .volume) })
      let machine = try Machine(request.computing, console: console)
      let volumes = try EvaluatedVolumes(request, machine: machine, console: console)
      let file = try request.output.map { file throws(Failure) in
        try Failure.of { () throws(FileError) in
          try AtomicOutputFile(path: file.path, force: file.force)
        }
      }
      console.release()
      let report = EvaluateReport(
        request: request, machine: machine, items: try scores(of: volumes, machine: machine),
        warnings: console.warnings)
      if let file, let form = request.output?.form { try write(report, as: form, to: file) }
      try StandardStreams.printResult(
        session.format == .json ? report.json.document : report.text + "\n")
      return .ok
    }
  }

  private func scores(
    of volumes: EvaluatedVolumes, machine: Machine
  ) throws(Failure) -> [ScoreItem] {
    let clock = ContinuousClock()
    let start = clock.now
    let threads = machine.pool.workerCount
    console.start(
      input: request.truth,
      plan: "\(SizeText.text(volumes.grid.size)), \(counted(request.results.count, "result")), "
        + counted(threads, "thread"),
      values: [
        ("size", .integers(volumes.grid.size)), ("results", .strings(request.results)),
        ("threads", .integer(threads)),
      ])
    var items: [ScoreItem] = []
    let total = Double(volumes.frames * request.results.count)
    var done = 0.0
    for frame in 0..<volumes.frames {
      let truth = try volumes.truth(frame: frame)
      let truthLabels = try volumes.truthLabels(frame: frame)
      let scorer = FrameScorer(request, truth: truth, mask: volumes.mask, pool: machine.pool)
      for result in request.results.indices {
        let labels = try volumes.labels(result: result, frame: frame, truth: truthLabels)
        items += try scorer.scores(
          of: try volumes.result(result, frame: frame), named: request.results[result],
          labels: labels, frame: frame)
        done += 1
        console.progress.update(stage: "score", done: done / total)
      }
    }
    try volumes.finish()
    for notice in ScoreItem.notices(items) { console.warn(notice) }
    let seconds = (clock.now - start).seconds
    console.finish(
      input: request.truth,
      line: "scored in \(NumberText.fixed(seconds, decimals: 1)) s, peak "
        + ByteSize.text(MemoryLimit.peakResidentBytes()),
      values: [
        ("seconds", RunReport.seconds(seconds)),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
      ])
    return items
  }

  private func write(
    _ report: EvaluateReport, as form: ScoreFile.Form, to file: AtomicOutputFile
  ) throws(Failure) {
    let text =
      switch form {
      case .csv: report.commaSeparated
      case .json: report.json.document
      case .md: report.markdown
      }
    try Failure.of { () throws(FileError) in
      try file.write(Array(text.utf8))
      try file.commit()
    }
  }
}
