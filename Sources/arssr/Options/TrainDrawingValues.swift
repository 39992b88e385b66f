import Degradation
import Training

/// `--operators` of `train`: operators of degradation, each with how often it is drawn.
struct OperatorWeights: OptionValue, Equatable {
  /// What was named once, in the order given.
  var items: [Item]

  struct Item: Equatable {
    var method: DegradationOperator
    var weight: Double
  }

  /// Those that any factor fits and whose result the network can be asked for at the truth's voxels.
  static let operators: [DegradationOperator] = [
    .exact, .cubic, .corner, .origin, .area, .kspace, .psf,
  ]

  init(optionText text: String) throws(OptionValueError) {
    items = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let method = DegradationOperator(rawValue: String(words[0]))
      let weight = words.count == 2 ? NumberText.real(words[1]) : 1
      guard let method, Self.operators.contains(method), let weight, weight > 0, weight <= 1e6,
        !items.contains(where: { $0.method == method })
      else {
        throw OptionValueError(
          reason: "must be names, each once, such as exact:3,psf, of "
            + Self.operators.map(\.rawValue).joined(separator: ", "))
      }
      items.append(Item(method: method, weight: weight))
    }
  }
}

/// `--blur` of `train`: a range of widths, FWHM over the new spacing.
struct BlurRange: OptionValue, Equatable {
  var range: ClosedRange<Double>

  init(optionText text: String) throws(OptionValueError) {
    guard let dots = text.firstRange(of: ".."),
      let low = NumberText.real(text[..<dots.lowerBound]),
      let high = NumberText.real(text[dots.upperBound...]), 0 <= low, low <= high, high <= 4
    else { throw OptionValueError(reason: "must be a range from 0 to 4 such as 0..1.5") }
    range = low...high
  }
}

/// `--noise` of `train`: a share of the range of intensities.
struct NoiseShare: OptionValue, Equatable {
  var share: Double

  init(optionText text: String) throws(OptionValueError) {
    let isPercent = text.last == "%"
    guard let number = NumberText.real(isPercent ? text.dropLast() : text[...]),
      (0...0.5).contains(isPercent ? number / 100 : number)
    else { throw OptionValueError(reason: "must be a share from 0% to 50% such as 1%") }
    share = isPercent ? number / 100 : number
  }
}

/// Bounds of the largest exponent of `--brightness` and `--gamma`.
enum VariationBounds: NumberBounds { static let range = NumberRange(range: 0...2) }
/// Bounds of `--weight-decay`.
enum WeightDecayBounds: NumberBounds { static let range = NumberRange(range: 0...1) }

typealias Variation = BoundedNumber<VariationBounds>
typealias WeightDecay = BoundedNumber<WeightDecayBounds>

/// `--schedule`: how the learning rate falls.
enum ScheduleChoice: String, WordValue {
  case constant
  case step
  case cosine
  case linear

  /// Published: halved after every 200 epochs.
  func decay(stepsPerEpoch: Int) -> RateSchedule.Decay {
    switch self {
    case .constant: .constant
    case .step: .stepwise(steps: 200 * stepsPerEpoch, factor: 0.5)
    case .cosine: .cosine(floor: 0.01)
    case .linear: .linear(floor: 0.01)
    }
  }

  /// The word for a schedule of the presets.
  init(_ decay: RateSchedule.Decay) {
    self =
      switch decay {
      case .constant: .constant
      case .stepwise, .multistep: .step
      case .cosine: .cosine
      case .late, .linear: .linear
      }
  }
}
