import Volumes

/// One run of `upsample` over one volume: everything is checked first, cheapest first; then it
/// computes.
struct UpsampleJob {
  let request: UpsampleRequest
  let session: Session

  private var console: Console { session.console }

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    if !request.dryRun {
      try Signals.watch { [console] in console.progress.printStatus() }
    }
    return try session.reportingFailure({
      UpsampleReport.document([.failed(request, $0, warnings: console.warnings)], machine: nil)
    }) { () throws(Failure) in
      let prepared = try prepare()
      if request.dryRun {
        try UpsamplePlanReport(prepared).print(session.format)
        return .ok
      }
      let outcome = try UpsampleComputation.run(prepared)
      if session.format == .json {
        let item = UpsampleReport.Item.ended(prepared, outcome)
        let report = UpsampleReport.document([item], machine: prepared.machine.json)
        try StandardStreams.printResult(report.document)
      }
      return .ok
    }
  }

  private func prepare() throws(Failure) -> PreparedUpsampling {
    let modelPath = try request.method == .model ? ModelLibrary.path(of: request.model) : nil
    let preparation = UpsamplePreparation(request: request, console: console)
    try preparation.checkExistence(modelPath: modelPath)
    let machine = try Machine(request.computing, console: console)
    return try preparation.run(machine: machine) { () throws(Failure) in
      try modelPath.map { path throws(Failure) in
        try PackedModel(
          try DescribedModel(path: path), computing: request.computing, machine: machine)
      }
    }
  }
}
