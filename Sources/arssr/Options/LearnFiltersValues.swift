import Networks
import Training

/// `--features`.
extension GradientFilters.Features: WordValue {}

/// `--faces`.
extension GradientFilters.Faces: WordValue {}

/// `--precision` of `learn-filters`.
extension FilterLearningSettings.Precision: WordValue {}

/// `--lr` of `learn-filters`.
enum LowResolutionKind: String, WordValue {
  case interpolation
  case kspace
  case kspaceThird = "kspace-third"
}

/// `--solver`.
enum FilterSolverKind: String, WordValue {
  case ridge
  case cg
}

/// Bounds of a factor that filters are learned for.
enum FilterFactorBounds: CountBounds { static let range = GradientFilters.factorRange }
/// Bounds of the comparisons that may turn over.
enum BlendBounds: CountBounds { static let range = 0...26 }

typealias FilterFactor = BoundedCount<FilterFactorBounds>
typealias BlendThreshold = BoundedCount<BlendBounds>

/// `--patch` and `--gradient-window`: an odd number.
struct OddSize: OptionValue, Equatable {
  var count: Int

  init(optionText text: String) throws(OptionValueError) {
    let range = GradientFilters.patchRange
    guard let count = NumberText.integer(text), range.contains(count), count % 2 == 1 else {
      throw OptionValueError(
        reason: "must be an odd number from \(range.lowerBound) to \(range.upperBound)")
    }
    self.count = count
  }
}

/// `--buckets`.
struct BucketCounts: OptionValue, Equatable {
  var bins: GradientFilters.Bins

  init(optionText text: String) throws(OptionValueError) {
    guard let bins = GradientFilters.Bins(text) else {
      let range = GradientFilters.Bins.range
      throw OptionValueError(
        reason: "must be four whole numbers from \(range.lowerBound) to \(range.upperBound), such "
          + "as 8,8,3,3")
    }
    self.bins = bins
  }
}

/// `--sampling`.
struct SamplingRate: OptionValue, Equatable {
  var rate: Double

  init(optionText text: String) throws(OptionValueError) {
    guard let rate = NumberText.real(text), rate >= 1, rate <= 1e6 else {
      throw OptionValueError(reason: "must be a number from 1 to 1e6")
    }
    self.rate = rate
  }
}

/// `--pool`.
struct PoolSize: OptionValue, Equatable {
  var samples: Double

  init(optionText text: String) throws(OptionValueError) {
    guard let samples = NumberText.real(text), GradientFilters.poolRange.contains(samples) else {
      throw OptionValueError(reason: "must be a number from 0 to 1e9")
    }
    self.samples = samples
  }
}

/// `--regularisation`.
struct Regularisation: OptionValue, Equatable {
  var lambda: Double

  init(optionText text: String) throws(OptionValueError) {
    guard let lambda = NumberText.real(text), lambda > 0, lambda <= 1 else {
      throw OptionValueError(reason: "must be a number above 0, at most 1")
    }
    self.lambda = lambda
  }
}
