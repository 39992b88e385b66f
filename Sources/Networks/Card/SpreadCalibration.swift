/// What error the spread of a self-ensemble lets expect, as `arssr.uncertainty` states it.
///
/// error^2 = (floor * range)^2 + (factor * spread)^2
///
/// `spread` is the standard deviation over the 8 mirrorings, `range` that of the input, the error a
/// standard deviation. A network that errs in the same way in all mirrorings shows no spread, which is
/// what the floor is for. Both numbers depend on the scale, the geometric mean of the factors along
/// i, j, k: between two stated scales they are interpolated linearly, beyond them those of the nearest
/// hold.
public struct SpreadCalibration: Sendable, Equatable {
  /// The two numbers at one scale.
  public struct Line: Sendable, Equatable {
    /// The error where there is no spread, a share of the input's range.
    public let floor: Double
    /// Error per spread.
    public let factor: Double

    /// Takes the two numbers.
    public init(floor: Double, factor: Double) {
      self.floor = floor
      self.factor = factor
    }
  }

  /// By rising scale; at least one.
  private let stated: [(scale: Double, line: Line)]

  /// For models that state none: rounded from those of this project's models, which differ little.
  public static let standard = SpreadCalibration(Line(floor: 0.005, factor: 5.5))

  /// The same at every scale.
  public init(_ line: Line) { stated = [(1, line)] }

  /// Reads `SCALE:FLOOR,FACTOR`, several separated by `;` and by rising scale; nil for anything else.
  public init?(_ text: String) {
    var stated: [(scale: Double, line: Line)] = []
    for part in text.split(separator: ";", omittingEmptySubsequences: false) {
      let sides = part.split(separator: ":", omittingEmptySubsequences: false)
      guard sides.count == 2, let scale = MetadataKey.number(sides[0]), scale >= 1,
        scale > stated.last?.scale ?? 0
      else { return nil }
      let values = sides[1].split(separator: ",", omittingEmptySubsequences: false)
        .map { MetadataKey.number($0) }
      guard values.count == 2, let floor = values[0], let factor = values[1], floor >= 0,
        factor >= 0
      else { return nil }
      stated.append((scale, Line(floor: floor, factor: factor)))
    }
    guard !stated.isEmpty else { return nil }
    self.stated = stated
  }

  /// The numbers for a scale.
  public func line(at scale: Double) -> Line {
    guard let upper = stated.firstIndex(where: { $0.scale >= scale }) else {
      return stated[stated.count - 1].line
    }
    guard upper > 0 else { return stated[0].line }
    let (low, high) = (stated[upper - 1], stated[upper])
    let share = (scale - low.scale) / (high.scale - low.scale)
    func between(_ value: KeyPath<Line, Double>) -> Double {
      low.line[keyPath: value] * (1 - share) + high.line[keyPath: value] * share
    }
    return Line(floor: between(\.floor), factor: between(\.factor))
  }

  /// Whether both state the same.
  public static func == (first: SpreadCalibration, second: SpreadCalibration) -> Bool {
    first.stated.elementsEqual(second.stated) { $0 == $1 }
  }
}
