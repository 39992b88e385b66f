import Glibc

/// How well a network does on boxes that it is not trained on.
public struct ValidationScore: Sendable, Equatable {
  /// The mean over all volumes of one scale and degradation.
  public struct Group: Sendable, Equatable {
    /// Factors along i, j, k.
    public let scale: SIMD3<Double>
    /// How the LR volumes came about.
    public let source: DataSettings.Source
    /// PSNR of the network in dB; the range is that of the truth in its box.
    public var psnr: Double
    /// PSNR of cubic interpolation of the same LR volumes.
    public var cubic: Double

    /// What the network gains over cubic interpolation.
    public var gain: Double { psnr - cubic }
  }

  /// One per scale and degradation, in the order of the boxes.
  public let groups: [Group]

  /// PSNR, mean over the groups: the best checkpoint has the highest.
  public var psnr: Double { mean(\.psnr) }

  /// Gain over cubic interpolation in dB, mean over the groups.
  public var gain: Double { mean(\.gain) }

  /// Scores of boxes, on their way to means.
  struct Sums {
    private var groups: [(sum: Group, count: Int)]

    /// Nothing yet of each scale and degradation.
    init(_ kinds: [(scale: SIMD3<Double>, source: DataSettings.Source)]) {
      groups = kinds.map { (Group(scale: $0.scale, source: $0.source, psnr: 0, cubic: 0), 0) }
    }

    /// Adds a box of the scale and degradation with that number.
    mutating func add(psnr: Double, cubic: Double, to group: Int) {
      groups[group].sum.psnr += psnr
      groups[group].sum.cubic += cubic
      groups[group].count += 1
    }

    /// The means; a scale and degradation without a box is left out.
    var score: ValidationScore {
      ValidationScore(
        groups: groups.filter { $0.count > 0 }.map { sum, count in
          Group(
            scale: sum.scale, source: sum.source, psnr: sum.psnr / Double(count),
            cubic: sum.cubic / Double(count))
        })
    }
  }

  private func mean(_ value: (Group) -> Double) -> Double {
    groups.reduce(0) { $0 + value($1) } / Double(max(1, groups.count))
  }

  /// PSNR of a mean squared error, in dB.
  static func psnr(_ error: Double, range: Double) -> Double {
    20 * log10(range) - 10 * log10(max(error, 1e-30))
  }
}

extension DataSettings.Source {
  /// The operator's word, for tables.
  public var name: String {
    switch self {
    case .plain(let method): method.rawValue
    case .blurred: "psf"
    }
  }
}
