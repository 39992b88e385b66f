import KernelInterface
import Networks

/// How a related network is trained, apart from its data.
public struct ImageTrainerSettings: Sendable, Equatable {
  /// What is minimised.
  public var loss: ImageLoss
  /// How parameters move.
  public var rule: ImageRule
  /// The learning rate.
  public var schedule: RateSchedule
  /// By which the rate is multiplied for biases.
  public var biasFactor: Float
  /// What products are rounded to; parameters, sums and the optimiser are float32 always.
  public var precision: Precision

  /// Makes settings from their parts.
  public init(
    loss: ImageLoss, rule: ImageRule, schedule: RateSchedule, biasFactor: Float = 1,
    precision: Precision = .float32
  ) {
    self.loss = loss
    self.rule = rule
    self.schedule = schedule
    self.biasFactor = biasFactor
    self.precision = precision
  }

  /// As published, for a training of so many steps; that of ArSSR's comparison for DCSRN and ResCNN.
  ///
  /// - SRReCNN3D: Caffe's loss and Adam, 1e-3, a tenth from the middle of the training on (iteration
  ///   10000 of 20000), biases at a tenth.
  /// - SRCNN3D: Caffe's loss and descent with momentum 0.9, 1e-4, biases at a tenth.
  /// - 3D-ESPCN: mean squared difference, chainer's Adam, 1e-4, from a fifth of the training on along a
  ///   line to zero.
  /// - DCSRN, ResCNN: mean squared difference, Adam, 1e-4, halved ten times (every 200 of 2000 epochs).
  public static func published(
    _ architecture: Architecture, steps: Int
  ) -> ImageTrainerSettings {
    switch architecture {
    case .srrecnn3d, .srrecnn3dMulti:
      ImageTrainerSettings(
        loss: .caffe, rule: .adamOfCaffe,
        schedule: RateSchedule(
          rate: 1e-3, decay: .multistep(steps: [steps / 2], factor: 0.1)), biasFactor: 0.1)
    case .srcnn3d:
      ImageTrainerSettings(
        loss: .caffe, rule: .descent(momentum: 0.9), schedule: RateSchedule(rate: 1e-4),
        biasFactor: 0.1)
    case .espcn3d:
      ImageTrainerSettings(
        loss: .l2, rule: .adamOfCaffe,
        schedule: RateSchedule(rate: 1e-4, decay: .late(first: steps / 5, last: steps)))
    case .dcsrn, .resCNN, .arssr, .gradientFilters:
      ImageTrainerSettings(
        loss: .l2, rule: .adam(AdamSettings()),
        schedule: RateSchedule(
          rate: 1e-4, decay: .stepwise(steps: max(1, steps / 10), factor: 0.5)))
    }
  }
}
