import Checkpoints
import Files
import Volumes

/// Names and values of a report: what a sidecar says, and what is said of volumes.
enum ReportFacts {
  typealias Rows = [(name: String, value: String)]

  /// The rows of a sidecar's text; empty where it is none.
  static func rows(ofSidecar bytes: [UInt8]) -> Rows {
    guard case .object(let object)? = try? StrictJSON.parse(bytes) else { return [] }
    return rows(of: .object(object), name: "")
  }

  private static func rows(of value: JSONValue, name: String) -> Rows {
    switch value {
    case .object(let object):
      return object.keys.flatMap { key -> Rows in
        guard let member = object[key] else { return [] }
        let inner = name.isEmpty || name == "Arssr" ? key : "\(name), \(key)"
        return rows(of: member, name: inner)
      }
    case .null: return []
    case .array(let values):
      let texts = values.compactMap(text)
      guard texts.count == values.count else {
        return values.enumerated().flatMap { rows(of: $0.element, name: "\(name) \($0.offset)") }
      }
      return texts.isEmpty ? [] : [(name, texts.joined(separator: ", "))]
    default: return text(value).map { [(name, $0)] } ?? []
    }
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .bool(let isTrue): isTrue ? "yes" : "no"
    case .number(let number): number.text
    case .string(let text): Escaping.whole(text)
    case .null, .array, .object: nil
    }
  }

  /// One line about a volume.
  static func line(_ grid: Grid) -> String {
    let spacing = SizeText.text(grid.affine.columnNorms, significant: 4)
    return "\(SizeText.text(grid.size)) voxels, \(spacing) mm"
      + (grid.orientation.map { ", \($0)" } ?? "")
  }

  /// What to cite, and a sentence for a methods section.
  static func citations(model: (name: String, digest: String)?, scale: SIMD3<Double>?) -> [String] {
    var method = "Volumes were super-resolved with arssr \(Arssr.version)"
    if let model { method += ", model \(model.name) (SHA-256 \(model.digest))" }
    if let scale { method += ", by a factor of \(TripleText.text(scale, significant: 4))" }
    return [
      method + ". Super-resolution adds plausible detail that was not measured.",
      "Wu Q, Li Y, Sun Y, Zhou Y, Wei H, Yu J, Zhang Y. An Arbitrary Scale Super-Resolution Approach "
        + "for 3D MR Images via Implicit Neural Representation. IEEE Journal of Biomedical and Health "
        + "Informatics 27(2), 2023.",
    ]
  }
}
