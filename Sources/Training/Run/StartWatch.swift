/// Watches the steps of a training for what is known to end one without an error.
///
/// A dead network does not recover: its gradients are zero. All that is found names the step at which
/// it was certain.
public struct StartWatch: Sendable, Equatable {
  /// What was found.
  public enum Finding: Sendable, Equatable {
    /// Loss or gradient is infinite or not a number.
    case notFinite(step: Int)
    /// The last ReLU lets no point of a batch through.
    case deadOutput(step: Int)
    /// Nothing of the loss reaches the encoder: some layer's units are all below their ReLU.
    case deadUnits(step: Int)
    /// The network with a base adds nothing to it: its loss is that of the base.
    case collapse(step: Int, ratio: Double)
  }

  /// Steps in a row that show a network to be dead; one batch may by chance.
  static let deadSteps = 10
  /// Steps over which the ratio to the base's loss is averaged.
  static let window = 100
  /// The ratio from which on a network adds nothing.
  ///
  /// Point samples and volumes without their blur are learnt late: sound networks were seen at 0.997
  /// after 1000 steps.
  static let collapsedRatio = 0.999
  /// Steps before that is asked: a slow warm-up begins as the base itself.
  static let grace = 2000

  private var withoutOutput = 0
  private var withoutGradient = 0
  private var ratios: [Double] = []
  private let hasBase: Bool

  /// A watch over a training that has not begun.
  ///
  /// - Parameter hasBase: Whether the network adds to an interpolated volume.
  public init(hasBase: Bool) { self.hasBase = hasBase }

  /// Looks at a step.
  ///
  /// - Returns: What is certain now, if anything.
  public mutating func look(at report: Trainer.Report) -> Finding? {
    guard report.loss.mean.isFinite, report.norm.all.isFinite else {
      return .notFinite(step: report.step)
    }
    withoutOutput = report.loss.positiveShare == 0 ? withoutOutput + 1 : 0
    if withoutOutput >= Self.deadSteps { return .deadOutput(step: report.step) }
    // A last layer that begins as zero keeps the first step's gradient from the encoder.
    withoutGradient = report.norm.encoder == 0 ? withoutGradient + 1 : 0
    if withoutGradient >= Self.deadSteps { return .deadUnits(step: report.step) }
    guard hasBase, report.loss.meanOfZero > 0 else { return nil }
    ratios.append(report.loss.mean / report.loss.meanOfZero)
    if ratios.count > Self.window { ratios.removeFirst() }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    guard report.step >= Self.grace, ratios.count == Self.window, mean > Self.collapsedRatio
    else { return nil }
    return .collapse(step: report.step, ratio: mean)
  }
}

extension StartWatch.Finding {
  /// The finding in words, with what to do.
  public var message: String {
    switch self {
    case .notFinite(let step):
      "step \(step): loss or gradient is not finite; use a lower --learning-rate"
    case .deadOutput(let step):
      "step \(step): the last ReLU has let nothing through for \(StartWatch.deadSteps) steps, so "
        + "nothing can be learnt any more; use another --seed"
    case .deadUnits(let step):
      "step \(step): no gradient has reached the encoder for \(StartWatch.deadSteps) steps, so it "
        + "cannot learn any more; use another --seed or a lower --learning-rate"
    case .collapse(let step, let ratio):
      "step \(step): the loss is \(Int((1000 * ratio).rounded())) thousandths of plain "
        + "interpolation's, so the network adds nothing; use a lower --learning-rate"
    }
  }
}
