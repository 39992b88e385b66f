/// The bytes one tensor claims, counted from the first byte after the header.
struct Span {
  let name: String
  let begin: UInt64
  let end: UInt64
}

/// The element types of the format whose values are not read here.
private let unsupportedElementTypes: Set<String> = [
  "F4", "F6_E2M3", "F6_E3M2", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64",
]

extension SafetensorsHeader {
  /// Takes `__metadata__`: an object of strings.
  mutating func readMetadata(_ value: JSONValue) throws(SafetensorsFault) {
    guard case .object(let object) = value else { throw .metadata(key: nil) }
    for key in object.keys {
      guard case .string(let text) = object[key] else { throw .metadata(key: key) }
      metadata[key] = text
    }
  }

  /// Checks the description of one tensor and adds its view and span.
  mutating func addTensor(
    _ name: String, _ value: JSONValue, to spans: inout [Span]
  ) throws(SafetensorsFault) {
    guard name.utf8.count <= Self.longestName else {
      throw .nameTooLong(bytes: name.utf8.count)
    }
    guard case .object(let fields) = value else { throw .notATensor(name: name) }
    let known = ["dtype", "shape", "data_offsets"]
    for field in fields.keys where !known.contains(field) {
      throw .fieldUnknown(tensor: name, field: field)
    }
    for field in known where fields[field] == nil {
      throw .fieldMissing(tensor: name, field: field)
    }
    let elementType = try Self.elementType(fields["dtype"], of: name)
    let shape = try Self.shape(fields["shape"], of: name)
    let byteCount = try Self.byteCount(of: shape, elementType, name: name)
    let span = try Self.span(fields["data_offsets"], of: name)
    guard span.end - span.begin == UInt64(byteCount) else {
      throw .size(tensor: name, shape: byteCount, offsets: span.end - span.begin)
    }
    spans.append(span)
    // The cover check that follows proves that every offset lies in the file; until then an
    // impossible one is kept as 0.
    let begin = Int(exactly: span.begin).map { dataOffset.addingReportingOverflow($0) }
    tensors.append(
      TensorView(
        name: name, elementType: elementType, rowMajor: shape,
        byteOffset: begin.map { $0.overflow ? 0 : $0.partialValue } ?? 0))
  }

  private static func elementType(
    _ value: JSONValue?, of name: String
  ) throws(SafetensorsFault) -> ElementType {
    guard case .string(let text) = value else {
      throw .elementTypeUnknown(tensor: name, name: value?.kind ?? "")
    }
    if let elementType = ElementType(rawValue: text) { return elementType }
    if unsupportedElementTypes.contains(text) {
      throw .elementTypeUnsupported(tensor: name, name: text)
    }
    throw .elementTypeUnknown(tensor: name, name: text)
  }

  private static func shape(
    _ value: JSONValue?, of name: String
  ) throws(SafetensorsFault) -> [Int] {
    guard case .array(let elements) = value else { throw .shape(tensor: name) }
    guard elements.count <= 8 else { throw .rank(tensor: name, rank: elements.count) }
    var shape: [Int] = []
    for element in elements {
      guard case .number(let number) = element, let size = number.unsigned else {
        throw .shape(tensor: name)
      }
      guard let size = Int(exactly: size) else { throw .shapeOverflow(tensor: name) }
      shape.append(size)
    }
    return shape
  }

  /// Number of bytes of a tensor.
  ///
  /// The product of the non-zero sizes must fit even where a zero makes the tensor empty, or
  /// [0, 2^63, 2^63] would pass and strides would overflow.
  private static func byteCount(
    of shape: [Int], _ elementType: ElementType, name: String
  ) throws(SafetensorsFault) -> Int {
    var product = elementType.byteCount
    for size in shape where size != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { throw .shapeOverflow(tensor: name) }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  private static func span(
    _ value: JSONValue?, of name: String
  ) throws(SafetensorsFault) -> Span {
    guard case .array(let elements) = value, elements.count == 2,
      case .number(let first) = elements[0], let begin = first.unsigned,
      case .number(let second) = elements[1], let end = second.unsigned
    else { throw .offsets(tensor: name) }
    guard begin <= end else { throw .offsetsReversed(tensor: name, begin: begin, end: end) }
    return Span(name: name, begin: begin, end: end)
  }

  /// The spans must cover the bytes exactly: no hole, no overlap, nothing behind.
  static func checkCover(_ spans: inout [Span], bytes: Int) throws(SafetensorsFault) {
    spans.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var expected: UInt64 = 0
    for span in spans {
      if span.begin > expected {
        throw .hole(before: span.name, expected: expected, begin: span.begin)
      }
      if span.begin < expected {
        throw .overlap(tensor: span.name, expected: expected, begin: span.begin)
      }
      expected = span.end
    }
    if expected > UInt64(bytes) { throw .truncated(needed: expected, available: bytes) }
    if expected < UInt64(bytes) { throw .trailing(bytes: bytes - Int(expected)) }
  }
}
