import Networks
import Training

/// `--preset`.
extension TrainingPreset: WordValue {}

/// `--encoder`.
enum EncoderChoice: String, WordValue {
  case rdn
  case rescnn
  case srresnet

  var kind: EncoderKind {
    switch self {
    case .rdn: .rdn
    case .rescnn: .resCNN
    case .srresnet: .srResNet
    }
  }

  init(_ kind: EncoderKind) {
    self =
      switch kind {
      case .rdn: .rdn
      case .resCNN: .rescnn
      case .srResNet: .srresnet
      }
  }
}

/// `--condition`: what becomes of the blur of the input.
enum ConditionChoice: String, WordValue {
  /// It is divided out first.
  case deconvolution
  /// The network is told, 0 or 1.
  case psf
  /// Nothing.
  case none

  init(_ condition: ArSSRVariants.Condition) {
    self =
      switch condition {
      case .none: .none
      case .psf: .psf
      case .deconvolution: .deconvolution
      }
  }

  var condition: ArSSRVariants.Condition {
    switch self {
    case .none: .none
    case .psf: .psf(default: 0)
    case .deconvolution: .deconvolution(lambda: TrainingPreset.lambda, default: 0)
    }
  }
}

/// `--weights`: whether weights depend on voxel size and blur of the input.
enum WeightsChoice: String, WordValue {
  /// They do not.
  case one
  /// Each input gets its mixture of sets.
  case blended
}

/// Bounds of channels, blocks, patches of a batch.
enum LayerSizeBounds: CountBounds { static let range = 1...4096 }
/// Bounds of the layers of each decoder stage.
enum DecoderDepthBounds: CountBounds { static let range = 2...64 }
/// Bounds of a patch's voxels along each axis; the smallest leaves two inside the preset's margin.
enum PatchSizeBounds: CountBounds { static let range = 6...128 }
/// Bounds of a patch's query points.
enum SampleCountBounds: CountBounds { static let range = 1...1_000_000 }
/// Bounds of the steps of a warm-up.
enum WarmUpBounds: CountBounds { static let range = 0...1_000_000 }
/// Bounds of the models that are kept.
enum KeptCountBounds: CountBounds { static let range = 0...1000 }

typealias LayerSize = BoundedCount<LayerSizeBounds>
typealias DecoderDepth = BoundedCount<DecoderDepthBounds>
typealias PatchSize = BoundedCount<PatchSizeBounds>
typealias SampleCount = BoundedCount<SampleCountBounds>
typealias WarmUpCount = BoundedCount<WarmUpBounds>
typealias KeptCount = BoundedCount<KeptCountBounds>

/// `--scales`: a range of factors.
struct ScaleRange: OptionValue, Equatable {
  var range: ClosedRange<Double>

  init(optionText text: String) throws(OptionValueError) {
    guard case .range(let low, let high)? = Scales(text), high <= 16 else {
      throw OptionValueError(reason: "must be a range from 1 to 16 such as 1.5..4")
    }
    range = low...high
  }
}

/// Bounds of a share that is not all.
enum ShareBounds: NumberBounds {
  static let range = NumberRange(range: 0...1, excluded: .upper)
}
/// Bounds of the highest learning rate.
enum LearningRateBounds: NumberBounds {
  static let range = NumberRange(range: 0...1, excluded: .lower)
}

typealias Share = BoundedNumber<ShareBounds>
typealias LearningRate = BoundedNumber<LearningRateBounds>

/// `--time-limit`.
struct TimeLimit: OptionValue, Equatable {
  var seconds: Double

  init(optionText text: String) throws(OptionValueError) {
    guard let seconds = NumberText.real(text), seconds > 0, seconds <= 1e9 else {
      throw OptionValueError(reason: "must be seconds, more than 0 and at most 1e9")
    }
    self.seconds = seconds
  }
}

/// `--suffixes`: words with commas between them.
struct WordList: OptionValue, Equatable {
  var words: [String]

  init(optionText text: String) throws(OptionValueError) {
    words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard words.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isWordByte) }) else {
      throw OptionValueError(reason: "must be letters and digits, with commas between words")
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
