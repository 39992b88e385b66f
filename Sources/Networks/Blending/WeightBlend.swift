import Glibc

/// How the weights of a network depend on what is known of its input.
///
/// Beside the common weights there are sets that are added to them, each with its share: one set per
/// pair of a voxel size and a blur, of which the nearest are blended linearly, in the blur and in the
/// logarithm of the longest edge; and one set for voxels of unlike edges. Beyond the outermost sizes and
/// blurs theirs hold. So there is one network per input and none that depends on position, and blending
/// costs nothing per voxel. Convolutions whose kernels are blended per input are those of CondConv (Yang
/// et al., NeurIPS 2019), where the input itself, not what is known of it, decides the shares.
public struct WeightBlend: Sendable, Equatable {
  /// Longest edges of a voxel in millimetres, rising.
  public let spacings: [Double]
  /// Blurs, FWHM over the spacing, rising.
  public let blurs: [Double]

  /// Takes knots that rise.
  public init(spacings: [Double], blurs: [Double]) {
    precondition(Self.areKnots(spacings) && spacings[0] > 0, "spacings: \(spacings)")
    precondition(Self.areKnots(blurs) && blurs[0] >= 0, "blurs: \(blurs)")
    self.spacings = spacings
    self.blurs = blurs
  }

  /// Sets beside the common weights.
  public var setCount: Int { spacings.count * blurs.count + 1 }

  /// The share of each set for an input: size by size those of the blurs, then that of unlike edges,
  /// which is the binary logarithm of the longest over the shortest edge, at most 1.
  public func shares(for traits: InputTraits) -> [Float] {
    let longest = traits.spacing.max()
    let ofSpacings = Self.shares(of: log2(longest), between: spacings.map { log2($0) })
    let ofBlurs = Self.shares(of: traits.blur, between: blurs)
    let unlike = min(1, log2(longest / traits.spacing.min()))
    return ofSpacings.flatMap { size in ofBlurs.map { Float(size * $0) } } + [Float(unlike)]
  }

  /// The shares of knots: two neighbours of the value have some, the outermost all beyond them.
  private static func shares(of value: Double, between knots: [Double]) -> [Double] {
    var shares = [Double](repeating: 0, count: knots.count)
    guard let upper = knots.firstIndex(where: { value <= $0 }) else {
      shares[knots.count - 1] = 1
      return shares
    }
    guard upper > 0 else {
      shares[0] = 1
      return shares
    }
    let share = (value - knots[upper - 1]) / (knots[upper] - knots[upper - 1])
    shares[upper - 1] = 1 - share
    shares[upper] = share
    return shares
  }

  private static func areKnots(_ values: [Double]) -> Bool {
    !values.isEmpty && values.allSatisfy(\.isFinite)
      && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }
}

// MARK: - Metadata

extension WeightBlend {
  /// The most knots of each kind: a file's words cannot ask for any number of sets.
  static let mostKnots = 16

  /// The rule that metadata state; nil where they state none.
  ///
  /// - Throws: If one of its two keys is missing.
  init?(metadata: [String: String]) throws(NetworkFault) {
    let keys = [MetadataKey.blendSpacings, .blendBlurs]
    let texts = keys.map { metadata[$0.rawValue] }
    guard let spacings = texts[0], let blurs = texts[1] else {
      if let index = texts.firstIndex(of: nil), texts.contains(where: { $0 != nil }) {
        throw .metadataValue(
          key: keys[index].rawValue, value: "", wanted: "a list beside \(keys[1 - index].rawValue)")
      }
      return nil
    }
    guard let sizes = Self.knots(spacings), let widths = Self.knots(blurs) else {
      preconditionFailure("the values were checked")
    }
    self.init(spacings: sizes, blurs: widths)
  }

  /// Its metadata.
  public var metadata: [String: String] {
    func text(_ knots: [Double]) -> String { knots.map { "\($0)" }.joined(separator: ",") }
    return [
      MetadataKey.blendSpacings.rawValue: text(spacings),
      MetadataKey.blendBlurs.rawValue: text(blurs),
    ]
  }

  /// Rising numbers, 0 or more, with commas; nil for anything else.
  static func knots(_ text: String) -> [Double]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { MetadataKey.number($0) }
    guard numbers.count == parts.count, numbers.count <= mostKnots, areKnots(numbers),
      numbers[0] >= 0
    else { return nil }
    return numbers
  }
}
