/// Reads the dictionary of a NumPy header: `{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }`.
struct NumPyHeaderParser {
  /// The three values, all there.
  struct Fields {
    var descriptor = ""
    var isFortranOrder = false
    var shape: [Int] = []
  }

  private let text: UnsafeRawBufferPointer
  private var position = 0

  init(_ text: UnsafeRawBufferPointer) {
    self.text = text
  }

  mutating func dictionary() throws(NumPyFault) -> Fields {
    var fields = Fields()
    var missing: Set = ["descr", "fortran_order", "shape"]
    try expect("{")
    while !take("}") {
      let key = try string()
      guard missing.remove(key) != nil else { throw .grammar(at: position) }
      try expect(":")
      switch key {
      case "descr": fields.descriptor = try string()
      case "fortran_order": fields.isFortranOrder = try boolean()
      default: fields.shape = try tuple()
      }
      if take(",") { continue }
      try expect("}")
      break
    }
    guard missing.isEmpty else { throw .grammar(at: position) }
    skipBlanks()
    guard position == text.count else { throw .grammar(at: position) }
    return fields
  }

  /// Text between two equal quotes, without escapes.
  private mutating func string() throws(NumPyFault) -> String {
    let quote: Unicode.Scalar = take("'") ? "'" : "\""
    if quote == "\"" { try expect(quote) }
    let start = position
    while position < text.count, text[position] != UInt8(ascii: quote) {
      guard (0x20..<0x7F).contains(text[position]), text[position] != UInt8(ascii: "\\") else {
        throw .grammar(at: position)
      }
      position += 1
    }
    let content = String(decoding: text[start..<position], as: UTF8.self)
    try expect(quote)
    return content
  }

  private mutating func boolean() throws(NumPyFault) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw .grammar(at: position)
  }

  /// Whole numbers in brackets; a tuple of one ends with a comma.
  private mutating func tuple() throws(NumPyFault) -> [Int] {
    var sizes: [Int] = []
    try expect("(")
    while !take(")") {
      guard sizes.count < NumPyHeader.mostAxes else { throw .rank }
      sizes.append(try size())
      if take(",") { continue }
      guard sizes.count > 1 else { throw .grammar(at: position) }
      try expect(")")
      break
    }
    return sizes
  }

  private mutating func size() throws(NumPyFault) -> Int {
    guard !take("-") else { throw .negativeSize }
    let start = position
    while position < text.count, (0x30...0x39).contains(text[position]) { position += 1 }
    guard position > start else { throw .grammar(at: position) }
    guard let size = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
      throw .shapeOverflow
    }
    return size
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(NumPyFault) {
    guard take(character) else { throw .grammar(at: position) }
  }

  /// Passes blanks and then the character, if it is the next one.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while position < text.count, [0x20, 0x0A].contains(text[position]) { position += 1 }
  }
}
