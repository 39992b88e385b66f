import Foundation
import TestSupport

/// The part of JSON Schema that the files in Documentation/schemas use.
///
/// Stricter than the standard in one point: a member that the schema does not name is a violation,
/// so that nothing is printed that is not described.
struct JSONSchema {
  /// The schema, definitions put where it refers to them.
  let root: [String: Any]

  /// The schema of a name such as `arssr.plan/1`.
  init(_ name: String) throws {
    let file = name.replacingOccurrences(of: "/", with: ".") + ".json"
    let url = Repository.folder.appendingPathComponent("Documentation/schemas/\(file)")
    let object = try JSONText.object(Data(contentsOf: url))
    let definitions = object["$defs"] as? [String: [String: Any]] ?? [:]
    root = Self.resolved(object, definitions)
  }

  private static func resolved(
    _ schema: [String: Any], _ definitions: [String: [String: Any]]
  ) -> [String: Any] {
    if let reference = schema["$ref"] as? String,
      let definition = definitions[reference.replacingOccurrences(of: "#/$defs/", with: "")]
    {
      return resolved(definition, definitions)
    }
    return schema.mapValues { value in
      if let inner = value as? [String: Any] { return resolved(inner, definitions) }
      if let several = value as? [[String: Any]] {
        return several.map { resolved($0, definitions) }
      }
      return value
    }
  }

  /// What is wrong with a value, each with the place; empty if it is valid.
  func violations(_ value: Any) -> [String] { Self.violations(value, root, "$") }

  private static func violations(_ value: Any, _ schema: [String: Any], _ place: String) -> [String]
  {
    if let choices = schema["anyOf"] as? [[String: Any]] {
      let results = choices.map { violations(value, $0, place) }
      return results.contains { $0.isEmpty } ? [] : results.min { $0.count < $1.count } ?? []
    }
    if let constant = schema["const"] as? String {
      return value as? String == constant ? [] : ["\(place): not \(constant)"]
    }
    if let words = schema["enum"] as? [Any] {
      let isKnown = words.contains { word in
        word is NSNull ? value is NSNull : word as? String == value as? String && value is String
      }
      return isKnown ? [] : ["\(place): \(value) is none of \(words)"]
    }
    let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
    guard types.isEmpty || types.contains(where: { has(value, type: $0) }) else {
      return ["\(place): \(value) is not \(types.joined(separator: " or "))"]
    }
    var found: [String] = []
    if let text = value as? String, let pattern = schema["pattern"] as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      found.append("\(place): \(text) does not match \(pattern)")
    }
    if let minimum = schema["minimum"] as? NSNumber, let number = value as? NSNumber,
      number.doubleValue < minimum.doubleValue
    {
      found.append("\(place): \(number) is below \(minimum)")
    }
    if let elements = value as? [Any] { found += violations(elements, schema, place) }
    if let object = value as? [String: Any] { found += violations(object, schema, place) }
    return found
  }

  private static func violations(
    _ elements: [Any], _ schema: [String: Any], _ place: String
  ) -> [String] {
    var found: [String] = []
    if let least = schema["minItems"] as? Int, elements.count < least {
      found.append("\(place): \(elements.count) items")
    }
    if let most = schema["maxItems"] as? Int, elements.count > most {
      found.append("\(place): \(elements.count) items")
    }
    guard let items = schema["items"] as? [String: Any] else { return found }
    for (index, element) in elements.enumerated() {
      found += violations(element, items, "\(place)[\(index)]")
    }
    return found
  }

  private static func violations(
    _ object: [String: Any], _ schema: [String: Any], _ place: String
  ) -> [String] {
    let required = schema["required"] as? [String] ?? []
    var found = required.filter { object[$0] == nil }.map { "\(place): no \($0)" }
    guard let properties = schema["properties"] as? [String: [String: Any]] else { return found }
    for (key, value) in object {
      if let inner = properties[key] {
        found += violations(value, inner, "\(place).\(key)")
      } else {
        found.append("\(place): \(key) is not described")
      }
    }
    return found
  }

  private static func has(_ value: Any, type: String) -> Bool {
    switch type {
    case "null": return value is NSNull
    case "string": return value is String
    case "array": return value is [Any]
    case "object": return value is [String: Any]
    default: break
    }
    guard let number = value as? NSNumber, !(value is String) else { return false }
    let isBoolean = isTruthValue(number)
    switch type {
    case "boolean": return isBoolean
    case "integer": return !isBoolean && number.doubleValue == number.doubleValue.rounded()
    default: return !isBoolean
    }
  }

  /// Whether a number came from `true` or `false`.
  private static func isTruthValue(_ number: NSNumber) -> Bool {
    type(of: number) == type(of: NSNumber(value: true)) && String(cString: number.objCType) == "c"
  }
}
