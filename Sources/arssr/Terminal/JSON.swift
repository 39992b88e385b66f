import Checkpoints

/// JSON to be written, with keys in the order given.
enum JSON: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  static func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }
  static func integers(_ values: SIMD3<Int>) -> JSON {
    .array((0..<3).map { .integer(values[$0]) })
  }
  static func numbers(_ values: SIMD3<Double>) -> JSON {
    .array((0..<3).map { .number(values[$0]) })
  }

  /// A string, or null where there is none.
  static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
}

extension JSON {
  /// On one line, for events.
  var line: String {
    var text = ""
    write(to: &text, indentation: nil)
    return text
  }

  /// On many lines, for results and sidecars; short lists stay on one line.
  var document: String {
    var text = ""
    write(to: &text, indentation: 0)
    return text + "\n"
  }

  private func write(to text: inout String, indentation: Int?) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? NumberText.text(value) : "null"
    case .string(let value): text += JSONText.string(value)
    case .array(let values):
      let isFlat = values.allSatisfy(\.isScalar)
      Self.writeList(
        values, open: "[", close: "]", indentation: isFlat ? nil : indentation, to: &text
      ) { value, text, inner in value.write(to: &text, indentation: inner) }
    case .object(let members):
      Self.writeList(members, open: "{", close: "}", indentation: indentation, to: &text) {
        member, text, inner in
        text += JSONText.string(member.key) + (inner == nil ? ":" : ": ")
        member.value.write(to: &text, indentation: inner)
      }
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], open: String, close: String, indentation: Int?, to text: inout String,
    _ write: (Element, inout String, Int?) -> Void
  ) {
    text += open
    let inner = indentation.map { $0 + 1 }
    for (position, element) in elements.enumerated() {
      if position > 0 { text += "," }
      if let inner {
        text += "\n" + String(repeating: "  ", count: inner)
      } else if position > 0 {
        text += " "
      }
      write(element, &text, inner)
    }
    if let indentation, !elements.isEmpty {
      text += "\n" + String(repeating: "  ", count: indentation)
    }
    text += close
  }
}
