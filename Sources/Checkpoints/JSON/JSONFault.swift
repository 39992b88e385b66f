/// What is wrong with a JSON text or with a value in it.
public enum JSONFault: RefusalCause {
  /// No byte at all.
  case empty
  /// Longer than the limit.
  case tooLarge(bytes: Int, limit: Int)
  /// The text starts with EF BB BF.
  case byteOrderMark
  /// The text is not strict UTF-8.
  case notUTF8
  /// The grammar wants something else at this byte.
  case syntax(offset: Int, wanted: String, atEnd: Bool)
  /// Arrays and objects nested deeper than the limit.
  case tooDeep(limit: Int)
  /// More values than the limit.
  case tooManyValues(limit: Int)
  /// A key stands twice in one object.
  case duplicateKey(String)
  /// A key that has no meaning here, with the nearest one that has.
  case unknownKey(String, nearest: String?)
  /// A value of the wrong type or out of range.
  case value(key: String, wanted: String, found: String)
  /// The text as a whole is not an object.
  case notAnObject(found: String)

  /// The identifier of the cause, from the list of all codes.
  public var code: String {
    switch self {
    case .empty: "input.empty"
    case .tooLarge, .byteOrderMark, .notUTF8, .syntax, .tooDeep, .tooManyValues: "config.json"
    case .duplicateKey: "config.duplicate"
    case .unknownKey: "config.unknown"
    case .value, .notAnObject: "config.value"
    }
  }

  /// What is wrong, on one line, with text from the file escaped and shortened.
  public var message: String {
    switch self {
    case .empty: "is empty; a JSON object is needed"
    case .tooLarge(let bytes, let limit): "JSON of \(bytes) bytes, at most \(limit) are read"
    case .byteOrderMark: "JSON starts with a byte order mark; save it as UTF-8 without one"
    case .notUTF8: "JSON is not UTF-8"
    case .syntax(_, let wanted, true): "JSON ends early: \(wanted) is missing"
    case .syntax(let offset, let wanted, false): "JSON syntax at byte \(offset): wanted \(wanted)"
    case .tooDeep(let limit): "JSON is nested deeper than \(limit)"
    case .tooManyValues(let limit): "JSON has more than \(limit) values"
    case .duplicateKey(let key): "duplicate JSON key \(quoted(key))"
    case .unknownKey(let key, nil): "unknown key \(quoted(key))"
    case .unknownKey(let key, let nearest?):
      "unknown key \(quoted(key)); did you mean \(quoted(nearest))?"
    case .value(let key, let wanted, let found):
      "\(quoted(key)) is \(found), must be \(wanted)"
    case .notAnObject(let found): "JSON holds \(found), must be an object"
    }
  }
}
