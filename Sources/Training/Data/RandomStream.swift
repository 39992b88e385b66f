import RandomNumbers

/// Random numbers for one purpose, as a function of a seed and two indices alone.
///
/// What is drawn for a sample of a step, or for a volume of the pool, so depends on nothing that
/// happened before: not on threads, not on where a run was resumed. (The generator is Philox; the
/// words of the standard library's `random(in:)` could change with its version.)
struct RandomStream {
  /// What the numbers are for; noise of volumes has stream 0.
  enum Purpose: UInt32 {
    case entry = 16
    case sample = 17
    case split = 18
    case filterFeature = 19
    case filterSample = 20
    case order = 21
    case batch = 22
  }

  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var spare: UInt64?

  /// - Parameters:
  ///   - seed: The run's seed.
  ///   - purpose: Tells uses of a seed apart.
  ///   - first: An index of 0 to 2^56 - 1, such as the step.
  ///   - second: An index of 0 to 2^32 - 1, such as the sample's in its batch.
  init(seed: UInt64, _ purpose: Purpose, _ first: Int, _ second: Int = 0) {
    key = Philox.key(seed: seed)
    let high = UInt32(truncatingIfNeeded: first >> 32)
    counter = SIMD4(
      0, UInt32(truncatingIfNeeded: first), UInt32(truncatingIfNeeded: second),
      purpose.rawValue | high << 8)
  }

  /// 64 random bits.
  mutating func word() -> UInt64 {
    if let word = spare {
      spare = nil
      return word
    }
    let words = Philox.words(counter: counter, key: key)
    counter.x &+= 1
    spare = UInt64(words.z) << 32 | UInt64(words.w)
    return UInt64(words.x) << 32 | UInt64(words.y)
  }

  /// A number in 0..<1.
  mutating func uniform() -> Double { Double(word() >> 11) * 0x1p-53 }

  /// A number of a range.
  mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  /// A whole number in 0..<count; some are likelier than others by count / 2^64.
  mutating func integer(below count: Int) -> Int {
    precondition(count > 0, "count: \(count)")
    return Int(word().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// The axes 0, 1, 2 in random order.
  mutating func axisOrder() -> [Int] {
    var axes = [0, 1, 2]
    axes.swapAt(2, integer(below: 3))
    axes.swapAt(1, integer(below: 2))
    return axes
  }

  /// `count` different whole numbers of 0..<limit in rising order (Floyd's algorithm).
  mutating func distinct(_ count: Int, below limit: Int) -> [Int] {
    precondition(count <= limit, "\(count) of \(limit)")
    var chosen = Set<Int>(minimumCapacity: count)
    for last in (limit - count)..<limit {
      let candidate = integer(below: last + 1)
      if !chosen.insert(candidate).inserted { chosen.insert(last) }
    }
    return chosen.sorted()
  }
}
