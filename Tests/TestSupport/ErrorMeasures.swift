/// The one definition of each error measure that tests use, always against a wider type.
public struct Deviation: CustomStringConvertible, Sendable {
  /// Largest absolute difference; infinite if any actual value is not a number.
  public let maximum: Double
  /// Root of the mean squared difference.
  public let rootMeanSquare: Double
  /// Where the largest difference is, as a flat index, with both values.
  public let index: Int
  /// The expected value there.
  public let expected: Double
  /// The actual value there.
  public let actual: Double

  /// Compares arrays of equal length.
  public init(expected: [Double], actual: [Float]) {
    precondition(expected.count == actual.count, "\(expected.count) != \(actual.count)")
    var maximum = -1.0
    var sum = 0.0
    var index = 0
    for (position, (want, have)) in zip(expected, actual).enumerated() {
      let difference = abs(Double(have) - want)
      let distance = difference.isNaN ? .infinity : difference
      sum += distance * distance
      if distance > maximum {
        maximum = distance
        index = position
      }
    }
    self.maximum = max(maximum, 0)
    rootMeanSquare = expected.isEmpty ? 0 : (sum / Double(expected.count)).squareRoot()
    self.index = index
    self.expected = expected.isEmpty ? 0 : expected[index]
    self.actual = actual.isEmpty ? 0 : Double(actual[index])
  }

  /// All of it in a line.
  public var description: String {
    "maximum \(maximum) at \(index) (expected \(expected), actual \(actual)), rms \(rootMeanSquare)"
  }
}
