/// How far an output is from its target.
public enum Loss: String, Sendable, CaseIterable {
  /// Mean of absolute differences.
  case l1
  /// Mean of squared differences.
  case l2

  /// The loss of one difference.
  @inline(__always)
  func value(_ difference: Float) -> Double {
    switch self {
    case .l1: Double(abs(difference))
    case .l2: Double(difference) * Double(difference)
    }
  }

  /// Its derivative; 0 for L1 where there is no difference.
  @inline(__always)
  func slope(_ difference: Float) -> Float {
    switch self {
    case .l1: difference > 0 ? 1 : difference < 0 ? -1 : difference
    case .l2: 2 * difference
    }
  }
}

/// What a step learnt of its batch besides gradients.
public struct BatchLoss: Sendable, Equatable {
  /// Mean over all points.
  public var mean: Double
  /// The same for a network whose output is zero everywhere: for one with a base, of the base.
  public var meanOfZero: Double
  /// Share of points whose output is positive, for a network whose last layer has a ReLU; else 1.
  public var positiveShare: Double

  /// Makes the value from its parts.
  public init(mean: Double, meanOfZero: Double, positiveShare: Double) {
    self.mean = mean
    self.meanOfZero = meanOfZero
    self.positiveShare = positiveShare
  }
}
