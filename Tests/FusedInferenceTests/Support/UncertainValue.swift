/// A value in double precision with the variance of the rounding errors that a float32 evaluation of
/// it collects.
///
/// Every float32 operation rounds by at most `u |result|`, `u = 2^-24`; taken as uniform and
/// independent that is a variance of `(u |result|)^2 / 3` (Higham and Mary, A New Approach to
/// Probabilistic Rounding Error Analysis, 2019). Variances pass linear maps by squared weights.
struct UncertainValue {
  var value: Double
  var variance: Double

  static let zero = UncertainValue(value: 0, variance: 0)
  static let unitRoundoff = 0x1p-24

  /// A float32 number, exact.
  init(_ value: Float) {
    self.value = Double(value)
    variance = 0
  }

  init(value: Double, variance: Double) {
    self.value = value
    self.variance = variance
  }

  /// Adds `weight * other` as one or two rounded operations would.
  mutating func add(_ weight: Double, _ other: UncertainValue) {
    value += weight * other.value
    variance += weight * weight * other.variance
    round()
  }

  /// Counts one rounding of the present value.
  mutating func round() {
    let error = Self.unitRoundoff * value
    variance += error * error / 3
  }

  /// The larger of this value and 0; a value near 0 keeps its uncertainty, because its sign is open.
  var rectified: UncertainValue {
    value > 0 ? self : value * value > 64 * variance ? .zero : .init(value: 0, variance: variance)
  }
}
