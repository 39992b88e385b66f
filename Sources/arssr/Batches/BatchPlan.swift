import Files

/// What `--dry-run` prints of many volumes, for the eye or as `arssr.plan/1`.
struct BatchPlan {
  private struct Entry {
    let request: UpsampleRequest
    let result: Result<(plan: UpsamplePlanReport, isSkipped: Bool), Failure>
  }

  private let entries: [Entry]
  private let work: BatchWork
  private let session: Session

  /// Plans all volumes; nothing of them is read but their headers, unless results are to be left alone.
  ///
  /// - Throws: If the speed of this machine cannot be measured.
  init(_ work: BatchWork, session: Session) throws(Failure) {
    self.work = work
    self.session = session
    var measured: EngineRate?
    entries = try work.volumes.map { volume throws(Failure) in
      let request = volume.request
      let progress = session.console.progress
      let console = session.console.ofVolume(progress)
      let prepared: PreparedUpsampling
      let isSkipped: Bool
      do throws(Failure) {
        if let refusal = volume.refusal { throw refusal }
        prepared = try UpsamplePreparation(request: request, console: console)
          .run(machine: work.slot.machine) { work.slot.model }
        isSkipped = try UpsampleComputation.isUnneeded(prepared)
      } catch {
        return Entry(request: request, result: .failure(error))
      }
      let rate: EngineRate
      if let measured {
        rate = measured
      } else {
        rate = try EngineRate(prepared.engine, machine: work.slot.machine)
      }
      measured = rate
      let plan = UpsamplePlanReport(prepared, rate: rate)
      return Entry(request: request, result: .success((plan, isSkipped)))
    }
  }

  /// - Throws: If standard output takes nothing.
  func print() throws(Failure) {
    try StandardStreams.printResult(session.format == .json ? json.document : text)
  }

  /// - Throws: That some volumes would fail, with the status that the run would have.
  func check() throws(Failure) {
    let count = entries.count
    guard var failure = BatchSummary.failure(failures, ended: count, of: count) else { return }
    failure.message = "\(failures.count) of \(count) would fail"
    throw failure
  }

  private var failures: [Failure] {
    entries.compactMap { entry in
      guard case .failure(let failure) = entry.result else { return nil }
      return failure
    }
  }

  /// A line per volume, then the sum.
  private var text: String {
    var seconds = 0.0
    var count = 0
    let lines = entries.map { entry -> String in
      let input = Escaping.path(entry.request.input)
      switch entry.result {
      case .failure(let failure):
        return "refused   \(input): \(failure.naming(entry.request.input).message)"
      case .success((_, true)): return "skipped   \(input)"
      case .success((let plan, false)):
        seconds += plan.seconds
        count += 1
        return "planned   \(input)   \(plan.line)"
      }
    }
    let duration = UpsamplePlanReport.duration(seconds / Double(work.others.count + 1))
    let sum =
      "would     make \(counted(count, "result")) of \(counted(entries.count, "volume"))   "
      + "estimated \(duration) at most (constant background saves time)"
    return (lines + [sum] + warnings).joined(separator: "\n")
  }

  /// Each warning once.
  private var warnings: [String] {
    var seen: Set<String> = []
    return entries.flatMap { entry in
      guard case .success(let (plan, _)) = entry.result else { return [String]() }
      return plan.warningTexts.filter { seen.insert($0).inserted }.map { "warning   \($0)" }
    }
  }

  private var json: JSON {
    let items = entries.map { entry -> [(key: String, value: JSON)] in
      switch entry.result {
      case .success(let (plan, isSkipped)):
        plan.members(status: isSkipped ? "skipped" : "planned")
      case .failure(let failure):
        [
          ("input", .string(entry.request.input)), ("output", .string(entry.request.output)),
          ("status", .string("failed")), ("error", failure.json),
        ]
      }
    }
    let status =
      failures.isEmpty ? "planned" : failures.count == entries.count ? "failed" : "partial"
    return UpsamplePlanReport.document(items, machine: work.slot.machine, status: status)
  }
}
