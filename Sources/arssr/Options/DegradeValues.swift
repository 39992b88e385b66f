import Degradation

/// `--operator`.
extension DegradationOperator: WordValue {}

/// `--noise-kind`.
extension NoiseModel.Kind: WordValue {}

/// `--scale` of `degrade`.
struct CoarseningFactors: OptionValue, Equatable {
  var factors: SIMD3<Double>

  init(optionText text: String) throws(OptionValueError) {
    factors = try FactorText.parse(text, inverse: "finer")
  }
}

/// `--fwhm`, `--sigma`: a width per axis.
struct Widths: OptionValue, Equatable {
  var values: SIMD3<Double>

  init(optionText text: String) throws(OptionValueError) {
    let values = try TripleText.parse(text, NumberText.real, what: "number")
    for value in values where !(value >= 0 && value <= 1e6) {
      throw OptionValueError(reason: "widths are 0 to 1000000 per axis")
    }
    self.values = SIMD3(values)
  }
}

/// `--noise`: a share of the range, or a standard deviation.
struct NoiseLevel: OptionValue, Equatable {
  var level: NoiseModel.Level

  init(optionText text: String) throws(OptionValueError) {
    let isShare = text.last == "%"
    guard let number = NumberText.real(isShare ? text.dropLast() : text[...]), number >= 0,
      number <= 1e30
    else {
      throw OptionValueError(reason: "must be a share such as 3%, or a number of 0 or more")
    }
    level = isShare ? .share(number / 100) : .sigma(number)
  }
}

/// `--seed`.
struct SeedValue: OptionValue, Equatable {
  var seed: UInt64

  init(optionText text: String) throws(OptionValueError) {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let seed = UInt64(text)
    else { throw OptionValueError(reason: "must be a whole number, 0 or more, below 2^64") }
    self.seed = seed
  }
}
