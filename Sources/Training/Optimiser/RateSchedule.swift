import Glibc

/// The learning rate over a training.
public struct RateSchedule: Sendable, Equatable {
  /// How it falls after the warm-up.
  public enum Decay: Sendable, Equatable {
    /// Not at all.
    case constant
    /// Times `factor` after every `steps` steps.
    case stepwise(steps: Int, factor: Double)
    /// Times `factor` at each of some steps, counted from 0.
    case multistep(steps: [Int], factor: Double)
    /// Constant up to a step, then a line down to zero at another.
    case late(first: Int, last: Int)
    /// Half a cosine over the whole training, down to this share.
    case cosine(floor: Double)
    /// A line over the whole training, down to this share.
    case linear(floor: Double)
  }

  /// The highest rate.
  public var rate: Double
  /// Steps over which the rate rises from nearly zero.
  public var warmUp: Int
  /// How it falls.
  public var decay: Decay

  /// Makes a schedule.
  public init(rate: Double, warmUp: Int = 0, decay: Decay = .constant) {
    self.rate = rate
    self.warmUp = warmUp
    self.decay = decay
  }

  /// The rate of a step.
  ///
  /// - Parameters:
  ///   - step: From 0.
  ///   - progress: Share of the training that is done, of its steps or its time, 0 to 1.
  /// - Returns: The rate.
  public func rate(step: Int, progress: Double) -> Double {
    let rise = warmUp > 0 ? min(1, Double(step + 1) / Double(warmUp)) : 1
    let share = min(max(progress, 0), 1)
    let fall: Double =
      switch decay {
      case .constant: 1
      case .stepwise(let steps, let factor): pow(factor, Double(step / max(steps, 1)))
      case .multistep(let steps, let factor): pow(factor, Double(steps.count { $0 <= step }))
      case .late(let first, let last):
        1 - min(1, Double(max(0, step - first)) / Double(max(1, last - first)))
      case .cosine(let floor): floor + (1 - floor) * 0.5 * (1 + cos(Double.pi * share))
      case .linear(let floor): 1 - (1 - floor) * share
      }
    return rate * rise * fall
  }
}
