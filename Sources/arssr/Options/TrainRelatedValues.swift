import Networks
import Training

/// `--arch` of `train`.
enum ArchitectureChoice: String, WordValue {
  case arssr
  case srrecnn3d
  case srrecnn3dMulti = "srrecnn3d-multi"
  case srcnn3d
  case dcsrn
  case rescnn
  case espcn3d

  var architecture: Architecture {
    switch self {
    case .arssr: .arssr
    case .srrecnn3d: .srrecnn3d
    case .srrecnn3dMulti: .srrecnn3dMulti
    case .srcnn3d: .srcnn3d
    case .dcsrn: .dcsrn
    case .rescnn: .resCNN
    case .espcn3d: .espcn3d
    }
  }
}

/// `--loss`.
extension ImageLoss: WordValue {}

/// `--optimiser`: a rule in place of the published one.
enum OptimiserChoice: String, WordValue {
  case adam
  case descent

  var rule: ImageRule {
    switch self {
    case .adam: .adam(AdamSettings())
    case .descent: .descent(momentum: 0.9)
    }
  }
}

/// `--start`: with which weights a related network begins.
enum StartChoice: String, WordValue {
  /// As its publication or its program has them.
  case published
  /// So that it interpolates.
  case interpolation
}

/// Bounds of the layers, units or blocks of a related network.
enum RelatedDepthBounds: CountBounds { static let range = 1...128 }

typealias RelatedDepth = BoundedCount<RelatedDepthBounds>

/// `--factors`: whole factors, each once.
struct FactorList: OptionValue, Equatable {
  var factors: [Int]

  init(optionText text: String) throws(OptionValueError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    factors = parts.compactMap { NumberText.integer(String($0)) }
    guard factors.count == parts.count, factors.allSatisfy({ (2...8).contains($0) }),
      Set(factors).count == factors.count
    else {
      throw OptionValueError(reason: "must be whole factors from 2 to 8 such as 2 or 2,3")
    }
  }
}

/// Bounds of `--sigma` of `train`, in HR voxels.
enum SigmaBounds: NumberBounds { static let range = NumberRange(range: 0...16) }
/// Bounds of `--fwhm` of `train`, in millimetres.
enum FullWidthBounds: NumberBounds {
  static let range = NumberRange(range: 0...100, excluded: .lower)
}

typealias Sigma = BoundedNumber<SigmaBounds>
typealias FullWidth = BoundedNumber<FullWidthBounds>
