import Metrics
import Volumes

/// A score of a result against its truth.
enum ScoreMetric: String, WordValue {
  case psnr
  case ssim
  case mae
  case rmse
  case nrmse
  case hfen
  case dice
  case psi
  case lpcsi
  case lpips

  /// With the unit.
  var title: String { self == .psnr ? "psnr (dB)" : rawValue }

  /// Whether it is a mean over slices.
  var isOfSlices: Bool { self == .psi || self == .lpcsi || self == .lpips }

  /// Whether it is computed where nobody names metrics: those that need no further file and little time.
  var isUsual: Bool { self != .dice && self != .lpcsi && self != .lpips }
}

/// `--slices`: over which slices psi, lpcsi and lpips are averaged.
enum SliceChoice: String, WordValue {
  case all
  /// Those in which the truth lies above its least value, or which meet the mask.
  case nonempty
}

/// `--method` of `evaluate`.
extension InterpolationMethod: WordValue {}

/// `--lpips`.
extension PerceptualNetwork: WordValue {}

/// `--ssim-window`.
extension StructuralSimilarity.Window: WordValue {}

/// `--metrics`: names, separated by commas.
struct MetricList: OptionValue, Equatable {
  var metrics: [ScoreMetric]

  init(optionText text: String) throws(OptionValueError) {
    var metrics: [ScoreMetric] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let metric = try ScoreMetric(optionText: String(word))
      if !metrics.contains(metric) { metrics.append(metric) }
    }
    self.metrics = metrics
  }
}

/// `--mask` of `evaluate`.
enum ScoreMask: OptionValue, Equatable {
  case none
  /// The truth above 0.
  case foreground
  case file(String)

  init(optionText text: String) throws(OptionValueError) {
    switch text {
    case "": throw OptionValueError(reason: "the name is empty")
    case "none": self = .none
    case "foreground": self = .foreground
    default: self = .file(text)
    }
  }

  /// As it is printed.
  var text: String {
    switch self {
    case .none: "none"
    case .foreground: "foreground"
    case .file(let path): path
    }
  }
}

/// `--range`: the limits of the data range.
enum ScoreRange: OptionValue, Equatable {
  case truth
  case fixed(low: Double, high: Double)

  init(optionText text: String) throws(OptionValueError) {
    if text == "truth" {
      self = .truth
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let limits = parts.last?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    guard parts.count == 2, parts[0] == "fixed", limits.count == 2,
      let low = NumberText.real(limits[0]), let high = NumberText.real(limits[1]), low < high
    else {
      throw OptionValueError(reason: "must be truth or fixed:LOW,HIGH with LOW below HIGH")
    }
    self = .fixed(low: low, high: high)
  }
}

/// Bounds of `--border`.
enum BorderBounds: CountBounds { static let range = 0...Grid.largestAxis }

typealias BorderWidth = BoundedCount<BorderBounds>
