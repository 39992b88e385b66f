import KernelInterface

/// How a network is trained, apart from its data.
public struct TrainerSettings: Sendable, Equatable {
  /// What is minimised.
  public var loss: Loss
  /// The network's output is this many times what its layers make while it is trained.
  public var outputFactor: Float
  /// What products are rounded to; parameters, sums and the optimiser are float32 always.
  public var precision: Precision
  /// The optimiser.
  public var adam: AdamSettings
  /// The learning rate.
  public var schedule: RateSchedule
  /// The length to which longer gradients are shortened; nil: none is.
  public var clip: Double?
  /// The slowest that the average of the weights moves; nil: there is no average.
  public var averageDecay: Double?

  /// Makes settings from their parts.
  public init(
    loss: Loss, outputFactor: Float, adam: AdamSettings, schedule: RateSchedule, clip: Double?,
    averageDecay: Double?, precision: Precision = .float32
  ) {
    self.loss = loss
    self.outputFactor = outputFactor
    self.adam = adam
    self.schedule = schedule
    self.clip = clip
    self.averageDecay = averageDecay
    self.precision = precision
  }

  /// As published: L1, Adam with 1e-4, halved after every 200 epochs.
  public static func paper(stepsPerEpoch: Int) -> TrainerSettings {
    TrainerSettings(
      loss: .l1, outputFactor: 1, adam: AdamSettings(),
      schedule: RateSchedule(
        rate: 1e-4, decay: .stepwise(steps: 200 * stepsPerEpoch, factor: 0.5)),
      clip: nil, averageDecay: nil)
  }

  /// For small networks on residuals: a high rate, warmed up, along a cosine.
  public static let fast = TrainerSettings(
    loss: .l1, outputFactor: 0.05, adam: AdamSettings(beta2: 0.99),
    schedule: RateSchedule(rate: 1e-3, warmUp: 300, decay: .cosine(floor: 0.01)), clip: 1,
    averageDecay: 0.999)
}
