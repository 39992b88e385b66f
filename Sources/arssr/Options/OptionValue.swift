import Checkpoints

/// What an option's text must be to count; one parser serves the command line, the environment and
/// settings files, so that all three refuse the same things in the same words.
protocol OptionValue: Sendable {
  /// Reads the text that the user gave.
  ///
  /// - Throws: ``OptionValueError`` with what would be right.
  init(optionText text: String) throws(OptionValueError)

  /// The text that a value of a settings file stands for; nil if it is of the wrong type.
  static func optionText(of value: JSONValue) -> String?
}

extension OptionValue {
  /// A string, a number, or a list of numbers.
  static func optionText(of value: JSONValue) -> String? {
    switch value {
    case .string(let text): return text
    case .number(let number): return number.double.map { _ in number.text }
    case .array(let values):
      let texts = values.compactMap { value -> String? in
        guard case .number(let number) = value else { return nil }
        return number.double.map { _ in number.text }
      }
      return texts.count == values.count ? texts.joined(separator: ",") : nil
    case .null, .bool, .object: return nil
    }
  }
}

/// Why an option's text does not count, as the second half of a message: `--scale two: REASON`.
struct OptionValueError: Error, Equatable {
  var reason: String
}

// MARK: - Plain values

/// A name of a file or a model; anything but nothing.
struct NameValue: OptionValue, Equatable {
  var text: String

  init(optionText text: String) throws(OptionValueError) {
    guard !text.isEmpty else { throw OptionValueError(reason: "the name is empty") }
    self.text = text
  }

  static func optionText(of value: JSONValue) -> String? { value.string }
}

/// `true` or `false`; what a flag becomes.
struct SwitchValue: OptionValue, Equatable {
  var isOn: Bool

  init(optionText text: String) throws(OptionValueError) {
    switch text {
    case "true": isOn = true
    case "false": isOn = false
    default: throw OptionValueError(reason: "must be true or false")
    }
  }

  static func optionText(of value: JSONValue) -> String? {
    guard case .bool(let isOn) = value else { return nil }
    return isOn ? "true" : "false"
  }
}

/// What a whole number may be.
protocol CountBounds: Sendable {
  static var range: ClosedRange<Int> { get }
}

/// A whole number between bounds.
struct BoundedCount<Bounds: CountBounds>: OptionValue, Equatable {
  var count: Int

  init(optionText text: String) throws(OptionValueError) {
    guard let count = NumberText.integer(text), Bounds.range.contains(count) else {
      throw OptionValueError(
        reason: "must be a whole number from \(Bounds.range.lowerBound) to "
          + "\(Bounds.range.upperBound)")
    }
    self.count = count
  }
}

/// More than any run can do, and small enough that two can be multiplied.
enum PositiveBounds: CountBounds { static let range = 1...1_000_000_000 }
/// Bounds of a tile's voxels along each axis.
enum TileSideBounds: CountBounds { static let range = 1...4096 }
/// Bounds of `--compression`.
enum CompressionBounds: CountBounds { static let range = 0...9 }

typealias PositiveCount = BoundedCount<PositiveBounds>
typealias TileSide = BoundedCount<TileSideBounds>
typealias CompressionLevel = BoundedCount<CompressionBounds>

/// What a real number may be.
struct NumberRange: Sendable {
  var range: ClosedRange<Double>
  /// The bound that itself may not be.
  var excluded: Bound?

  enum Bound { case lower, upper }

  func contains(_ number: Double) -> Bool {
    switch excluded {
    case nil: range.contains(number)
    case .lower: range.contains(number) && number > range.lowerBound
    case .upper: range.contains(number) && number < range.upperBound
    }
  }

  var words: String {
    let (low, high) = (NumberText.text(range.lowerBound), NumberText.text(range.upperBound))
    return switch excluded {
    case nil: "from \(low) to \(high)"
    case .lower: "above \(low), at most \(high)"
    case .upper: "from \(low) to less than \(high)"
    }
  }
}

/// What a real number may be.
protocol NumberBounds: Sendable {
  static var range: NumberRange { get }
}

/// A real number between bounds.
struct BoundedNumber<Bounds: NumberBounds>: OptionValue, Equatable {
  var number: Double

  init(optionText text: String) throws(OptionValueError) {
    guard let number = NumberText.real(text), Bounds.range.contains(number) else {
      throw OptionValueError(reason: "must be a number \(Bounds.range.words)")
    }
    self.number = number
  }
}

// MARK: - Words

/// An enumeration whose raw values are the words that the option takes.
protocol WordValue: OptionValue, CaseIterable, RawRepresentable, Equatable
where RawValue == String {}

extension WordValue {
  init(optionText text: String) throws(OptionValueError) {
    guard let value = Self(rawValue: text) else {
      throw .unknownWord(text, among: Self.allCases.map(\.rawValue))
    }
    self = value
  }

  static var words: [String] { allCases.map(\.rawValue) }

  static func optionText(of value: JSONValue) -> String? { value.string }
}

extension JSONValue {
  /// The text of a string; nil for any other value.
  fileprivate var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}

extension OptionValueError {
  static func unknownWord(_ word: String, among words: [String]) -> OptionValueError {
    var reason = "must be one of \(words.joined(separator: ", "))"
    if let nearest = NearestName.find(word, among: words) {
      reason += "; did you mean \(nearest)?"
    }
    return OptionValueError(reason: reason)
  }
}
