/// The scales a model was made for, as `arssr.scales` states them.
public enum Scales: Sendable, Equatable {
  /// Any real factor.
  case any
  /// These factors, the same on all axes.
  case isotropic([Double])
  /// One factor per axis i, j, k.
  case perAxis([Double])
  /// Any factors from the first to the second, each axis by itself, and 1 on axes that stay.
  case range(Double, Double)

  /// Reads `any`, `2,3,4`, `2x2x1` or `1.5..4`; nil for anything else.
  public init?(_ text: String) {
    func numbers(_ separator: Character) -> [Double]? {
      let parts = text.split(separator: separator, omittingEmptySubsequences: false)
      let values = parts.compactMap { MetadataKey.number($0) }
      return values.count == parts.count && values.allSatisfy { $0 >= 1 } ? values : nil
    }
    if text == "any" {
      self = .any
    } else if let dots = text.firstRange(of: "..") {
      guard let low = MetadataKey.number(text[..<dots.lowerBound]),
        let high = MetadataKey.number(text[dots.upperBound...]), low >= 1, low <= high
      else { return nil }
      self = .range(low, high)
    } else if text.contains("x" as Character) {
      guard let values = numbers("x"), values.count == 3 else { return nil }
      self = .perAxis(values)
    } else {
      guard let values = numbers(",") else { return nil }
      self = .isotropic(values)
    }
  }

  /// Whether a model of these scales was made for factors along i, j, k.
  ///
  /// Factors that follow from whole numbers of voxels differ a little from the ones asked for, so one
  /// within 2 % counts as met.
  public func includes(_ factors: SIMD3<Double>) -> Bool {
    func matches(_ factor: Double, _ stated: Double) -> Bool {
      abs(factor - stated) <= 0.02 * stated
    }
    switch self {
    case .any: return true
    case .isotropic(let values):
      return values.contains { stated in (0..<3).allSatisfy { matches(factors[$0], stated) } }
    case .perAxis(let values):
      return (0..<3).allSatisfy { matches(factors[$0], values[$0]) }
    case .range(let low, let high):
      return (0..<3).allSatisfy { axis in
        let factor = factors[axis]
        return (low...high).contains(factor)
          || [1, low, high].contains { matches(factor, $0) }
      }
    }
  }
}
