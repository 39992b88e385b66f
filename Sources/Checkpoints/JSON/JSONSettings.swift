/// A JSON object read by key with checked types and ranges: settings files, cards, configurations.
///
/// Every accessor returns nil where the key is absent and throws where the value does not fit.
public struct JSONSettings: Sendable, Equatable {
  /// The object as parsed.
  public let object: JSONObject

  /// Takes an object; every key must be known.
  ///
  /// - Throws: ``JSONFault/unknownKey(_:nearest:)`` for the first key outside `knownKeys`.
  public init(_ object: JSONObject, knownKeys: [String]) throws(JSONFault) {
    self.object = object
    for key in object.keys where !knownKeys.contains(key) {
      throw .unknownKey(key, nearest: NearestName.find(key, among: knownKeys))
    }
  }

  /// Parses a text that must be an object with known keys only.
  public init(
    parsing bytes: UnsafeRawBufferPointer, knownKeys: [String],
    limits: StrictJSON.Limits = .settings
  ) throws(JSONFault) {
    let value = try StrictJSON.parse(bytes, limits: limits)
    guard case .object(let object) = value else { throw .notAnObject(found: value.kind) }
    try self.init(object, knownKeys: knownKeys)
  }

  /// A whole number in a range, written without point or exponent.
  public func integer(_ key: String, in range: ClosedRange<Int>) throws(JSONFault) -> Int? {
    guard let value = object[key] else { return nil }
    let wanted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard case .number(let number) = value else {
      throw .value(key: key, wanted: wanted, found: value.kind)
    }
    guard let integer = number.integer, range.contains(integer) else {
      throw .value(key: key, wanted: wanted, found: shortened(number.text, limit: 24))
    }
    return integer
  }

  /// A finite number in a range.
  public func number(_ key: String, in range: ClosedRange<Double>) throws(JSONFault) -> Double? {
    guard let value = object[key] else { return nil }
    let wanted = "a number from \(range.lowerBound) to \(range.upperBound)"
    guard case .number(let number) = value else {
      throw .value(key: key, wanted: wanted, found: value.kind)
    }
    guard let double = number.double, range.contains(double) else {
      throw .value(key: key, wanted: wanted, found: shortened(number.text, limit: 24))
    }
    return double
  }

  /// A string, if given one of `choices`.
  public func string(_ key: String, oneOf choices: [String]? = nil) throws(JSONFault) -> String? {
    guard let value = object[key] else { return nil }
    let wanted = choices.map { "one of \($0.joined(separator: ", "))" } ?? "a string"
    guard case .string(let text) = value else {
      throw .value(key: key, wanted: wanted, found: value.kind)
    }
    if let choices, !choices.contains(text) {
      throw .value(key: key, wanted: wanted, found: quoted(text, limit: 24))
    }
    return text
  }

  /// True or false.
  public func bool(_ key: String) throws(JSONFault) -> Bool? {
    guard let value = object[key] else { return nil }
    guard case .bool(let bool) = value else {
      throw .value(key: key, wanted: "true or false", found: value.kind)
    }
    return bool
  }

  /// An object of its own, to be read by another `JSONSettings`.
  public func child(_ key: String) throws(JSONFault) -> JSONObject? {
    guard let value = object[key] else { return nil }
    guard case .object(let object) = value else {
      throw .value(key: key, wanted: "an object", found: value.kind)
    }
    return object
  }
}
