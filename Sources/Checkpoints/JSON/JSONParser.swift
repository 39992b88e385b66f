/// Recursive descent over checked UTF-8; recursion ends at the depth limit.
struct JSONParser {
  private let bytes: UnsafeRawBufferPointer
  private let limits: StrictJSON.Limits
  private var position = 0
  private var values = 0

  init(bytes: UnsafeRawBufferPointer, limits: StrictJSON.Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func parseDocument() throws(JSONFault) -> JSONValue {
    skipSpace()
    let value = try parseValue(depth: 1)
    skipSpace()
    guard position == bytes.count else { throw fault("nothing more after the value") }
    return value
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// What is wanted at the present position.
  private func fault(_ wanted: String) -> JSONFault {
    .syntax(offset: position, wanted: wanted, atEnd: position >= bytes.count)
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func parseValue(depth: Int) throws(JSONFault) -> JSONValue {
    values += 1
    guard values <= limits.values else { throw .tooManyValues(limit: limits.values) }
    guard let first = current else { throw fault("a value") }
    switch first {
    case UInt8(ascii: "{"): return .object(try parseObject(depth: depth))
    case UInt8(ascii: "["): return .array(try parseArray(depth: depth))
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .number(try parseNumber())
    case UInt8(ascii: "t"):
      try parseWord("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try parseWord("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try parseWord("null")
      return .null
    default: throw fault("a value")
    }
  }

  private mutating func parseWord(_ word: StaticString) throws(JSONFault) {
    let end = position + word.utf8CodeUnitCount
    let matches = word.withUTF8Buffer { letters in
      end <= bytes.count && bytes[position..<end].elementsEqual(letters)
    }
    guard matches else { throw fault("a value") }
    position = end
  }

  private mutating func parseObject(depth: Int) throws(JSONFault) -> JSONObject {
    guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
    position += 1
    var object = JSONObject()
    skipSpace()
    if take(UInt8(ascii: "}")) { return object }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw fault("a key in double quotes") }
      let key = try parseString()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("':'") }
      skipSpace()
      let value = try parseValue(depth: depth + 1)
      guard object.insert(value, forKey: key) else { throw .duplicateKey(key) }
      skipSpace()
      if take(UInt8(ascii: "}")) { return object }
      guard take(UInt8(ascii: ",")) else { throw fault("',' or '}'") }
    }
  }

  private mutating func parseArray(depth: Int) throws(JSONFault) -> [JSONValue] {
    guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      skipSpace()
      elements.append(try parseValue(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw fault("',' or ']'") }
    }
  }

  private mutating func parseNumber() throws(JSONFault) -> JSONNumber {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try parseDigits() }
    if take(UInt8(ascii: ".")) { try parseDigits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try parseDigits()
    }
    return JSONNumber(text: String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func parseDigits() throws(JSONFault) {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      position += 1
    }
    guard position > start else { throw fault("a digit") }
  }

  private mutating func parseString() throws(JSONFault) -> String {
    position += 1
    var text = ""
    var start = position
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        text += String(decoding: bytes[start..<position], as: UTF8.self)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        text += String(decoding: bytes[start..<position], as: UTF8.self)
        text.unicodeScalars.append(try parseEscape())
        start = position
      case 0..<0x20: throw fault("no control character inside a string")
      default: position += 1
      }
    }
    throw fault("'\"'")
  }

  private mutating func parseEscape() throws(JSONFault) -> Unicode.Scalar {
    position += 1
    guard let letter = current else { throw fault("an escape") }
    let plain: Unicode.Scalar
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = Unicode.Scalar(letter)
    case UInt8(ascii: "b"): plain = "\u{8}"
    case UInt8(ascii: "f"): plain = "\u{C}"
    case UInt8(ascii: "n"): plain = "\n"
    case UInt8(ascii: "r"): plain = "\r"
    case UInt8(ascii: "t"): plain = "\t"
    case UInt8(ascii: "u"): return try parseUnicodeEscape()
    default: throw fault("an escape that JSON knows")
    }
    position += 1
    return plain
  }

  /// `\uXXXX`, or two of them for a character beyond U+FFFF; `position` is at the `u`.
  private mutating func parseUnicodeEscape() throws(JSONFault) -> Unicode.Scalar {
    let unit = try parseFourHexDigits()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(UInt16(unit)), take(UInt8(ascii: "\\")),
      current == UInt8(ascii: "u")
    else { throw fault("a surrogate pair") }
    let low = try parseFourHexDigits()
    guard UTF16.isTrailSurrogate(UInt16(low)),
      let scalar = Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw fault("a surrogate pair") }
    return scalar
  }

  private mutating func parseFourHexDigits() throws(JSONFault) -> UInt32 {
    position += 1
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
