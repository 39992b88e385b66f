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
      try VolumeInput.checkExistence(
        request.inputs.map { (path: $0, kind: .volume) }
          + (request.perception.map { [(path: $0.weights, kind: .model)] } ?? []))
      let machine = try Machine(request.computing, console: console)
      let perception = try request.perception.map { wish throws(Failure) in
        try Perception.load(wish.network, weights: wish.weights, kernels: machine.kernels)
      }
      let source = try source(machine, perception)
      let file = try request.output.map { file throws(Failure) in
        try Failure.of { () throws(FileError) in
          try AtomicOutputFile(path: file.path, force: file.force)
        }
      }
      let page = try page(source, machine)
      console.release()
      let items = try timed(machine) { () throws(Failure) in
        switch source {
        case .files(let volumes, let truth):
          try fileItems(volumes, truth, machine, perception)
        case .contenders(let run, let truths):
          try contenderItems(run, truths, machine, perception)
        }
      }
      for notice in ScoreItem.notices(items) { console.warn(notice) }
      let report = EvaluateReport(
        request: request, machine: machine, items: items, warnings: console.warnings)
      if let file, let form = request.output?.form { try write(report, as: form, to: file) }
      if let page, case .files(_, let truth) = source {
        try EvaluatePage(report, truth: truth, pool: machine.pool).write(to: page)
      }
      try StandardStreams.printResult(
        session.format == .json ? report.json.document : report.text + "\n")
      return .ok
    }
  }

  /// Where the volumes come from.
  private enum Source {
    case files(EvaluatedVolumes, truth: String)
    case contenders(ContenderRun, truths: [VolumeInput])
  }

  private func source(
    _ machine: Machine, _ perception: PerceptualDistance?
  ) throws(Failure) -> Source {
    switch request.subject {
    case .files(let results, let truth):
      return .files(
        try EvaluatedVolumes(
          request, results: results, truth: truth, machine: machine, perception: perception,
          console: console), truth: truth)
    case .contenders(let contenders):
      var truths: [VolumeInput] = []
      for path in contenders.truths {
        let input = try VolumeInput(path: path, limit: machine.memoryLimit)
        try EvaluatedVolumes.checkMemory(request, input.header.grid, machine, perception)
        try EvaluatedVolumes.checkWindow(
          request, try contenders.coveredSize(of: input.header.grid, path: path), path: path)
        input.reader.notices.forEach(console.warn)
        truths.append(input)
      }
      return .contenders(
        try ContenderRun(
          contenders, machine: machine, computing: request.computing, console: console),
        truths: truths)
    }
  }

  /// The file of the report, where one was asked for.
  private func page(_ source: Source, _ machine: Machine) throws(Failure) -> AtomicOutputFile? {
    guard let file = request.report, case .files(let volumes, _) = source else { return nil }
    try ReportMemory.check(result: volumes.grid, input: nil, hasTruth: false, machine)
    return try file.open()
  }

  /// Announces the work and says how long it took.
  private func timed(
    _ machine: Machine, _ work: () throws(Failure) -> [ScoreItem]
  ) throws(Failure) -> [ScoreItem] {
    let clock = ContinuousClock()
    let start = clock.now
    let threads = machine.pool.workerCount
    let subject = request.inputs.first ?? ""
    console.start(
      input: subject,
      plan: "\(counted(request.results.count, "result")), \(counted(threads, "thread"))",
      values: [
        ("results", .strings(request.results)), ("threads", .integer(threads)),
      ])
    let items = try work()
    let seconds = (clock.now - start).seconds
    console.finish(
      input: subject,
      line: "scored in \(NumberText.fixed(seconds, decimals: 1)) s, peak "
        + ByteSize.text(MemoryLimit.peakResidentBytes()),
      values: [
        ("seconds", RunReport.seconds(seconds)),
        ("peakBytes", .integer(MemoryLimit.peakResidentBytes())),
      ])
    return items
  }

  private func fileItems(
    _ volumes: EvaluatedVolumes, _ path: String, _ machine: Machine,
    _ perception: PerceptualDistance?
  ) throws(Failure) -> [ScoreItem] {
    var items: [ScoreItem] = []
    var done = 0.0
    let total = Double(volumes.frames * request.results.count)
    for frame in 0..<volumes.frames {
      let truth = try volumes.truth(frame: frame)
      let truthLabels = try volumes.truthLabels(frame: frame)
      let scorer = try FrameScorer(
        request, truth: truth, mask: volumes.mask, perception: perception, machine: machine)
      for group in request.resultGroups {
        var results: [(name: String, volume: Volume)] = []
        var labels: [ImagePair?] = []
        for index in group {
          results.append((request.results[index], try volumes.result(index, frame: frame)))
          labels.append(try volumes.labels(result: index, frame: frame, truth: truthLabels))
        }
        items += try scorer.scores(
          of: results, labels: labels,
          scored: ScoreItem.Case(number: frame, truth: path, frame: frame))
        done += Double(group.count)
        console.progress.update(stage: "score", done: done / total)
      }
    }
    try volumes.finish()
    return items
  }

  private func contenderItems(
    _ run: ContenderRun, _ truths: [VolumeInput], _ machine: Machine,
    _ perception: PerceptualDistance?
  ) throws(Failure) -> [ScoreItem] {
    var items: [ScoreItem] = []
    var number = 0
    let total = Double(truths.reduce(0) { $0 + $1.header.frames } * request.results.count)
    for input in truths {
      for frame in 0..<input.header.frames {
        let volume = try input.frame(frame, nonFinite: run.nonFinite, console: console)
        let item = try run.prepare(volume, frame: frame, path: input.path)
        let scorer = try FrameScorer(
          request, truth: item.truth, mask: nil, perception: perception, machine: machine)
        for group in request.resultGroups {
          var results: [(name: String, volume: Volume)] = []
          for index in group {
            results.append((request.results[index], try run.result(index, of: item)))
          }
          items += try scorer.scores(
            of: results, labels: results.map { _ in nil },
            scored: ScoreItem.Case(number: number, truth: input.path, frame: frame))
          let done = Double(number * request.results.count + group.upperBound)
          console.progress.update(stage: "score", done: done / total)
        }
        number += 1
      }
      try Failure.of { () throws(VolumeError) in try input.reader.finish() }
    }
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
