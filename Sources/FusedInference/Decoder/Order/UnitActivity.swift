/// At which of some points each unit of a layer is active.
struct UnitActivity: Equatable, Sendable {
  private static let pointsPerWord = 64
  /// Units of the layer.
  let count: Int
  private let wordsPerUnit: Int
  /// `[unit][word]`, a bit per point.
  private var words: [UInt64]

  /// No unit is active at any of `points` points.
  init(units count: Int, points: Int) {
    self.count = count
    wordsPerUnit = (points + Self.pointsPerWord - 1) / Self.pointsPerWord
    words = [UInt64](repeating: 0, count: count * wordsPerUnit)
  }

  /// Notes that a unit is active at a point.
  mutating func insert(_ unit: Int, point: Int) {
    words[unit * wordsPerUnit + point / Self.pointsPerWord] |= 1 << (point % Self.pointsPerWord)
  }

  /// The units pair by pair, those first that are active at the same points.
  ///
  /// The two units that have most points in common, as a share of the points where any of the two is
  /// active, make the first pair, and so on with what is left. Against the best pairs for the points
  /// themselves this loses half a percent (see Decisions).
  var pairs: [Int] {
    let shares = commonShares
    var left = Array(0..<count)
    var order: [Int] = []
    /// Of the units that are left, the one with most in common; the first of several.
    func partner(of unit: Int) -> Int {
      var best = -1
      for other in left where other != unit {
        if best < 0 || shares[unit * count + other] > shares[unit * count + best] { best = other }
      }
      return best
    }
    var partners = left.map(partner)
    while left.count > 1 {
      var first = left[0]
      for unit in left {
        if shares[unit * count + partners[unit]] > shares[first * count + partners[first]] {
          first = unit
        }
      }
      let second = partners[first]
      order += [first, second]
      left.removeAll { $0 == first || $0 == second }
      for unit in left where partners[unit] == first || partners[unit] == second {
        partners[unit] = partner(of: unit)
      }
    }
    return order + left
  }

  /// For every two units, the points where both are active, as a share of those where any is; 1 where
  /// there is none.
  private var commonShares: [Float] {
    var shares = [Float](repeating: 0, count: count * count)
    words.withUnsafeBufferPointer { words in
      for first in 0..<count {
        for second in 0..<first {
          var (both, any) = (0, 0)
          for word in 0..<wordsPerUnit {
            let one = words[first * wordsPerUnit + word]
            let two = words[second * wordsPerUnit + word]
            both += (one & two).nonzeroBitCount
            any += (one | two).nonzeroBitCount
          }
          let share = any == 0 ? 1 : Float(both) / Float(any)
          shares[first * count + second] = share
          shares[second * count + first] = share
        }
      }
    }
    return shares
  }
}
