/// A JSON value, with numbers kept as written and objects in the order of the file.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// The kind of value in words, for messages: "a number", "an object", ...
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A number as it stands in the file; it becomes an integer or a double only when asked for.
///
/// Reading `16.0` or `1.6e1` where a whole number is due, or `1e400` anywhere, would otherwise go
/// unnoticed.
public struct JSONNumber: Sendable, Equatable {
  /// The characters, for example `-12`, `0.5`, `1e-4`.
  public let text: String

  /// Longest text that is converted; 17 digits already determine a double.
  public static let longestText = 128

  init(text: String) {
    self.text = text
  }

  /// The value if it is written as an integer (no point, no exponent) and fits 64 bits.
  public var integer: Int? { Int(text) }

  /// The same for a value without sign up to 2^64 - 1.
  public var unsigned: UInt64? { UInt64(text) }

  /// The value if it is finite in double precision and not longer than ``longestText``.
  public var double: Double? {
    guard text.utf8.count <= Self.longestText, let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }
}

/// Members of a JSON object in the order of the file; keys are unique.
public struct JSONObject: Sendable, Equatable {
  /// Keys in the order of the file.
  public private(set) var keys: [String] = []
  private var members: [String: JSONValue] = [:]

  /// An object without members.
  public init() {}

  /// Number of members.
  public var count: Int { keys.count }

  /// The value of a member, or nil.
  public subscript(key: String) -> JSONValue? { members[key] }

  /// Adds a member; false, and nothing is changed, if the key is there already.
  public mutating func insert(_ value: JSONValue, forKey key: String) -> Bool {
    guard members.updateValue(value, forKey: key) == nil else { return false }
    keys.append(key)
    return true
  }
}
