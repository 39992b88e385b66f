import Files
import MessagePassing
import Training

/// The steps of a training, with validations, logs and checkpoints between them, which are the first
/// process's where several train together.
struct TrainLoop {
  /// Why it ended.
  enum Ending: Int, CaseIterable {
    case done
    /// No validation has been better for as long as the user waits.
    case noGain
    case timeLimit
    case signal

    /// Whether nothing is left to do.
    var isComplete: Bool { self == .done || self == .noGain }
  }

  let request: TrainRequest
  private(set) var subject: any TrainSubject
  /// Of the first process only.
  let log: TrainLog?
  let group: ProcessGroup
  let console: Console
  let isStopped: @Sendable () -> Bool
  let start = ContinuousClock.now
  var state: TrainState
  private(set) var score: ValidationScore?
  private let firstStep: Int
  /// Steps of the whole training.
  private let end: Int
  private let validateEvery: Int
  private var recent = RecentLosses()

  init(
    request: TrainRequest, prepared: any PreparedRun, subject: any TrainSubject, log: TrainLog?,
    state: TrainState, group: ProcessGroup, console: Console,
    isStopped: @escaping @Sendable () -> Bool
  ) {
    self.request = request
    self.subject = subject
    self.log = log
    self.state = state
    self.group = group
    self.console = console
    self.isStopped = isStopped
    firstStep = subject.steps
    end = prepared.steps
    validateEvery = prepared.validateEvery
  }

  private var seconds: Double { start.duration(to: .now).seconds }

  /// Steps until the end, or until something ends it; the state is saved then.
  mutating func run() throws(Failure) -> Ending {
    let ending: Ending
    do throws(Failure) {
      ending = try steps()
    } catch {
      guard error.code == ProcessGroupError.lostCode else { throw error }
      // Nothing was moved in the step in which another process was lost.
      try saveStopped()
      guard isStopped() else { throw error }
      return .signal
    }
    if !ending.isComplete { try saveStopped() }
    return ending
  }

  private mutating func saveStopped() throws(Failure) {
    guard group.isFirst else { return }
    try save()
    try writeUnvalidated()
  }

  private mutating func steps() throws(Failure) -> Ending {
    while true {
      let step = subject.steps
      let isLast = step >= end
      var wish: Ending?
      if group.isFirst, step > state.validated, isLast || step % validateEvery == 0 {
        if try validate() { try save() } else { wish = .signal }
      }
      if let ending = try agreed(wish ?? self.wish(isLast: isLast)) { return ending }
      try self.step()
    }
  }

  /// Why this process would end here.
  private func wish(isLast: Bool) -> Ending? {
    if isLast { return .done }
    if isPatienceOver { return .noGain }
    if isStopped() { return .signal }
    if let limit = request.timeLimit, seconds >= limit { return .timeLimit }
    return nil
  }

  /// What all processes do after this step: end, where one of them wishes to.
  private func agreed(_ wish: Ending?) throws(Failure) -> Ending? {
    guard group.count > 1 else { return wish }
    let endings = Ending.allCases
    var counts = endings.map { $0 == wish ? 1.0 : 0 } + [subject.digest]
    try Failure.of { () throws(ProcessGroupError) in try group.sum(&counts) }
    guard counts[endings.count] == subject.digest * Double(group.count) else {
      throw Failure(ProcessGroupError.apart(step: subject.steps))
    }
    return endings.first { counts[$0.rawValue] > 0 }
  }

  private var isPatienceOver: Bool {
    guard let patience = request.patience, let best = state.best else { return false }
    return state.validated - best.step >= patience * validateEvery
  }

  /// Leaves a model where a run ends before its first validation; the first one replaces it.
  private func writeUnvalidated() throws(Failure) {
    guard state.validated == 0, subject.steps > 0 else { return }
    try subject.model().write(to: request.folder, step: subject.steps, score: nil)
  }

  private mutating func step() throws(Failure) {
    let report = try subject.step(of: end)
    recent.add(report.loss)
    guard let log else { return }
    console.progress.update(stage: stage(subject.steps), done: done)
    if subject.steps % max(1, validateEvery / 10) == 0 { writeLoss(report, log) }
  }

  /// `step 1200 of 30000, loss 0.62 of cubic's`.
  private func stage(_ step: Int) -> String {
    let loss =
      subject.hasBase
      ? "\(NumberText.fixed(recent.mean / max(recent.meanOfBase, 1e-30), decimals: 2)) of cubic's"
      : NumberText.short(recent.mean, significant: 3)
    return "step \(step) of \(end), loss \(loss),"
  }

  /// Share of this run that is done, of its steps or its time.
  private var done: Double {
    let steps = Double(subject.steps - firstStep) / Double(max(1, end - firstStep))
    return min(1, max(steps, request.timeLimit.map { seconds / $0 } ?? 0))
  }

  private mutating func writeLoss(_ report: Trainer.Report, _ log: TrainLog) {
    let scale = subject.lossFactor
    log.loss(
      step: report.step + 1, mean: recent.mean * scale,
      ofBase: subject.hasBase ? recent.meanOfBase * scale : nil, rate: report.rate,
      samplesPerSecond: Double(recent.count * subject.batch) / max(recent.seconds, 1e-9),
      seconds: seconds)
    recent = RecentLosses()
  }

  /// Scores the network as it would be shipped, and ships it if it is the best so far.
  ///
  /// - Returns: Whether it was done; a signal ends it early, and a resumed run does it again.
  private mutating func validate() throws(Failure) -> Bool {
    console.progress.update(stage: "validation after step \(subject.steps),", done: done)
    let model = try subject.model()
    var score: ValidationScore?
    if model.canBeScored {
      score = try model.score(isStopped: isStopped)
      guard score != nil else { return false }
    }
    // Without a score the latest is, and of the first there is nothing better.
    let isBest = score.map { new in state.best.map { new.psnr > $0.psnr } ?? true } ?? true
    state.validated = subject.steps
    if isBest {
      state.best = score.map { ($0.psnr, subject.steps) }
      try model.write(to: request.folder, step: subject.steps, score: score)
      drawSample(model)
    }
    try keep(model, score)
    if let score { tell(score, isBest: isBest) }
    self.score = score
    return true
  }

  /// Keeps the models of the last validations, as many as were asked for.
  private func keep(
    _ model: any TrainProduct, _ score: ValidationScore?
  ) throws(Failure) {
    guard request.keep > 0 else { return }
    let step = subject.steps
    try model.write(to: request.folder.model(ofStep: step), step: step, score: score)
    // The last validation may come before a multiple of the distance.
    let older = (step - 1) / validateEvery * validateEvery
    let surplus = older - (request.keep - 1) * validateEvery
    if surplus > 0 { OutputFolder.remove(request.folder.model(ofStep: surplus)) }
  }

  /// Draws what the model makes of a piece of a validation volume.
  private func drawSample(_ model: any TrainProduct) {
    guard let picture = model.picture() else { return }
    TrainPicture.write(picture, step: subject.steps, to: request.folder.sample)
  }

  private func tell(_ score: ValidationScore, isBest: Bool) {
    log?.validation(step: subject.steps, score, isBest: isBest)
    func gain(_ value: Double) -> String {
      (value < 0 ? "" : "+") + NumberText.fixed(value, decimals: 2)
    }
    let each = score.groups.map { group in
      "\(TrainCurves.name(group.source.name, group.scale)) \(gain(group.gain))"
    }
    console.milestone(
      input: request.folder.path,
      line: "step \(subject.steps): \(gain(score.gain)) dB over cubic "
        + "(\(each.joined(separator: "; ")))" + (isBest ? ", best so far" : ""),
      event: "validation",
      values: [
        ("step", .integer(subject.steps)), ("validation", TrainLog.json(score)),
        ("best", .boolean(isBest)),
      ])
  }

  private mutating func save() throws(Failure) {
    try request.folder.writeState(
      subject.state(metadata: state.metadata), keepsLast: state.isLastReadable)
    state.isLastReadable = true
  }
}

/// Means over the steps since the last line of the log.
struct RecentLosses {
  private(set) var count = 0
  private var sum = 0.0
  private var sumOfBase = 0.0
  private let start = ContinuousClock.now

  var mean: Double { sum / Double(max(1, count)) }
  var meanOfBase: Double { sumOfBase / Double(max(1, count)) }
  var seconds: Double { start.duration(to: .now).seconds }

  mutating func add(_ loss: BatchLoss) {
    count += 1
    sum += loss.mean
    sumOfBase += loss.meanOfZero
  }
}
