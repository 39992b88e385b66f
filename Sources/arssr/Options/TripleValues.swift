/// Lists of one or three numbers, separated by `,` or `x`; one number stands for all three axes.
enum TripleText {
  static func parse<Number>(
    _ text: String, _ parse: (Substring) -> Number?, what: String
  ) throws(OptionValueError) -> [Number] {
    let separator: Character = text.contains("," as Character) ? "," : "x"
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == 1 || parts.count == 3 else {
      throw OptionValueError(reason: "needs one value or three (i,j,k), has \(parts.count)")
    }
    var numbers: [Number] = []
    for part in parts {
      guard let number = parse(part) else {
        throw OptionValueError(
          reason: "\(part.isEmpty ? "nothing" : "\"\(part)\"") is no \(what)")
      }
      numbers.append(number)
    }
    return numbers.count == 1 ? [numbers[0], numbers[0], numbers[0]] : numbers
  }

  /// For the eye: one number where all are equal.
  static func text(_ values: SIMD3<Double>, significant: Int = 17) -> String {
    let texts = (0..<3).map {
      significant < 17
        ? NumberText.short(values[$0], significant: significant) : NumberText.text(values[$0])
    }
    return Set(texts).count == 1 ? texts[0] : texts.joined(separator: ",")
  }
}

/// A factor per axis, 1 or more.
enum FactorText {
  /// Factors above this are a slip of the hand: no volume has use for them.
  private static let limit = 1000.0

  /// Reads one factor or three.
  ///
  /// - Parameters:
  ///   - text: What was given.
  ///   - inverse: What a factor below 1 would make of the volume.
  /// - Returns: The factors along i, j, k.
  /// - Throws: If it is none, or out of bounds.
  static func parse(_ text: String, inverse: String) throws(OptionValueError) -> SIMD3<Double> {
    let values = try TripleText.parse(text, NumberText.real, what: "number")
    for value in values where !(value >= 1 && value <= limit) {
      var reason = "factors are 1 to \(NumberText.text(limit)) per axis"
      if value > 0, value < 1 {
        reason += " (\(NumberText.text(value)) would make the volume \(inverse))"
      }
      throw OptionValueError(reason: reason)
    }
    return SIMD3(values)
  }
}

/// `--scale` of `upsample`.
struct ScaleFactors: OptionValue, Equatable {
  var factors: SIMD3<Double>

  init(optionText text: String) throws(OptionValueError) {
    factors = try FactorText.parse(text, inverse: "coarser")
  }
}

/// `--spacing`: millimetres per axis.
struct TargetSpacing: OptionValue, Equatable {
  var millimetres: SIMD3<Double>

  init(optionText text: String) throws(OptionValueError) {
    let values = try TripleText.parse(text, NumberText.real, what: "number")
    for value in values where !(value >= 1e-6 && value <= 1e6) {
      throw OptionValueError(reason: "spacings are millimetres, from 0.000001 to 1000000")
    }
    millimetres = SIMD3(values)
  }
}

/// `--size`: voxels per axis.
struct TargetSize: OptionValue, Equatable {
  var voxels: SIMD3<Int>

  init(optionText text: String) throws(OptionValueError) {
    let values = try TripleText.parse(text, NumberText.integer, what: "whole number")
    for value in values where !(1...1_000_000).contains(value) {
      throw OptionValueError(reason: "sizes are 1 to 1000000 voxels per axis")
    }
    voxels = SIMD3(values)
  }
}
