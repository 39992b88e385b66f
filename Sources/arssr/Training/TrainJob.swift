import Checkpoints
import Files
import FusedInference
import MessagePassing
import Networks
import Reports
import Synchronization
import Training
import Workers

/// One run of `train`: everything is checked first, cheapest first; then it trains.
struct TrainJob {
  let request: TrainRequest
  let session: Session

  private var console: Console { session.console }

  /// - Throws: Why the run was refused or broken off.
  func run() throws(Failure) -> ExitStatus {
    try Signals.watch { [console] in console.progress.printStatus() }
    let prepared: any PreparedRun
    if let related = request.related {
      prepared = try PreparedImageTraining(request, related, console)
    } else {
      prepared = try PreparedTraining(request, console)
    }
    let wish = StopWish()
    let group = try Failure.of { () throws(ProcessGroupError) in
      try ProcessGroup(isAbandoned: { wish.isSet })
    }
    try prepared.check(group)
    let outcome: TrainOutcome? =
      request.isDryRun ? nil : try train(prepared, group: group, wish: wish)
    if group.isFirst { try report(prepared, outcome) }
    try Failure.of { () throws(ProcessGroupError) in try group.leave() }
    return .ok
  }

  private func report(
    _ prepared: any PreparedRun, _ outcome: TrainOutcome?
  ) throws(Failure) {
    guard let outcome else {
      console.release()
      return try StandardStreams.printResult(prepared.plan)
    }
    guard session.format == .json else { return }
    try StandardStreams.printResult(
      TrainReport.document(request, prepared, outcome, console: console).document)
  }

  private func train(
    _ prepared: any PreparedRun, group: ProcessGroup, wish: StopWish
  ) throws(Failure) -> TrainOutcome {
    let hold = group.isFirst ? try request.folder.take() : nil
    defer { hold?.discard() }
    let subject = try prepared.subject(group)
    var state = TrainState(prepared)
    if request.resumes {
      let checkpoint = try request.folder.readState(console)
      try state.restore(checkpoint)
      state.isLastReadable = checkpoint.path == request.folder.last
      try Failure.of(.model, at: checkpoint.path) { () throws(TrainingError) in
        try subject.restore(checkpoint)
      }
    }
    var log: TrainLog?
    if group.isFirst {
      try TrainFolder.write(settings(prepared).document, to: request.folder.configuration)
      log = try TrainLog(request.folder, steps: subject.steps, hasBase: subject.hasBase)
    }
    if !Drawing.isAvailable {
      console.warn(
        Notice(
          code: "feature.missing", subject: request.folder.curves,
          message: "is not drawn, nor is sample.png: libcairo.so.2 is not installed"))
    }
    console.release()
    console.start(
      input: request.folder.path, plan: prepared.summary(group), values: prepared.summaryMembers)
    var loop = TrainLoop(
      request: request, prepared: prepared, subject: subject, log: log, state: state,
      group: group, console: console, isStopped: { wish.isSet })
    let ending = try Signals.whileRunning(cancel: wish.set) { () throws(Failure) in
      try loop.run()
    }
    let outcome = TrainOutcome(
      ending: ending, steps: loop.subject.steps, best: loop.state.best, score: loop.score,
      seconds: loop.start.duration(to: .now).seconds)
    finish(outcome, of: prepared.steps)
    // The program dies of the signal where this arrives.
    if ending == .signal, wish.isSet { throw Failure(InferenceError.cancelled) }
    return outcome
  }

  private func finish(_ outcome: TrainOutcome, of steps: Int) {
    let best =
      outcome.best.map { best in
        ", best after step \(best.step): \(NumberText.fixed(best.psnr, decimals: 2)) dB"
      } ?? ""
    let seconds = NumberText.fixed(outcome.seconds, decimals: 1)
    let how: String
    switch outcome.ending {
    case .done: how = "done in \(seconds) s\(best): \(Escaping.path(request.folder.best))"
    case .noGain:
      how =
        "ended after step \(outcome.steps) of \(steps) in \(seconds) s, "
        + "\(counted(request.patience ?? 0, "validation")) without a better one\(best): "
        + Escaping.path(request.folder.best)
    case .timeLimit, .signal:
      how = "saved after step \(outcome.steps) of \(steps)\(best); --resume goes on"
    }
    console.finish(
      input: request.folder.path, line: how,
      values: [
        ("output", .string(request.folder.best)), ("steps", .integer(outcome.steps)),
        ("seconds", RunReport.seconds(outcome.seconds)),
      ])
  }

  /// All options as a settings file, so that `--config` makes the same training again.
  private func settings(_ prepared: any PreparedRun) -> JSON {
    var members: [(key: AnyOptionKey, value: JSON)] = [
      (OptionCatalogue.data.erased, .string(request.data))
    ]
    if let validate = request.validate {
      members.append((OptionCatalogue.validate.erased, .string(validate)))
    }
    if let card = request.card {
      members.append((OptionCatalogue.card.erased, .string(card)))
    }
    if let patience = request.patience {
      members.append((OptionCatalogue.patience.erased, .integer(patience)))
    }
    if request.keep > 0 {
      members.append((OptionCatalogue.keep.erased, .integer(request.keep)))
    }
    members += [
      (OptionCatalogue.validationShare.erased, .number(request.validationShare)),
      (OptionCatalogue.suffixes.erased, .string(request.suffixes.joined(separator: ","))),
      (OptionCatalogue.mixSpacings.erased, .boolean(request.mixesSpacings)),
    ]
    members += prepared.members
    return .object([("train", .object(members.map { ($0.key.settingsKey, $0.value) }))])
  }
}

/// What a run came to.
struct TrainOutcome {
  let ending: TrainLoop.Ending
  let steps: Int
  let best: (psnr: Double, step: Int)?
  let score: ValidationScore?
  let seconds: Double
}

/// Whether a signal asked to stop.
private final class StopWish: Sendable {
  private let flag = Atomic<Bool>(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }
  @Sendable func set() { flag.store(true, ordering: .relaxed) }
}
