import Files

/// How intensities are brought to the range a network was trained on.
///
/// Text form, as in model cards and options: `none`, `max`, `minmax`, `percentile:LO,HI`,
/// `scale:V`.
public enum Normalisation: Sendable, Equatable, LosslessStringConvertible {
  /// Values go in as they are.
  case none
  /// The largest value, above 0, becomes 1; 0 stays.
  case maximum
  /// The smallest value becomes 0, the largest 1.
  case minmax
  /// These percentiles (0...100, the first below the second) become 0 and 1; nothing is clipped.
  case percentile(Double, Double)
  /// This value, one of ``scales``, becomes 1; 0 stays.
  case scale(Double)

  /// The values that may become 1: float32 holds them and what they are divided into.
  public static let scales = 1e-38...1e38

  /// Reads the text form; nil if it is none of them or a number is out of range.
  public init?(_ text: String) {
    switch text {
    case "none":
      self = .none
      return
    case "max":
      self = .maximum
      return
    case "minmax":
      self = .minmax
      return
    default:
      break
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let fields = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    let numbers = fields.compactMap { Double($0) }
    guard numbers.count == fields.count else { return nil }
    switch parts[0] {
    case "percentile":
      guard numbers.count == 2, numbers[0] >= 0, numbers[0] < numbers[1], numbers[1] <= 100
      else { return nil }
      self = .percentile(numbers[0], numbers[1])
    case "scale":
      guard numbers.count == 1, Self.scales.contains(numbers[0]) else { return nil }
      self = .scale(numbers[0])
    default:
      return nil
    }
  }

  /// The text form.
  public var description: String {
    switch self {
    case .none: "none"
    case .maximum: "max"
    case .minmax: "minmax"
    case .percentile(let low, let high): "percentile:\(low.plainText),\(high.plainText)"
    case .scale(let value): "scale:\(value.plainText)"
    }
  }
}
