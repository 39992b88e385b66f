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

  /// Sentences for a methods section, and what to cite; nothing of results that do not say how they
  /// were made.
  static func citations(_ results: [(name: String, origin: ResultOrigin?)]) -> [String] {
    var sentences: [String] = []
    var publications: [String] = []
    for (name, origin) in results {
      guard let origin else { continue }
      sentences.append(origin.sentence(about: results.count > 1 ? name : nil))
      if let publication = origin.publication, !publications.contains(publication) {
        publications.append(publication)
      }
    }
    return sentences + publications
  }

  /// What is said of a series of which a page shows one frame; nil for a volume.
  static func firstFrameNotice(of path: String, frames: Int) -> Notice? {
    guard frames > 1 else { return nil }
    return Notice(
      code: "volume.dim", subject: path,
      message: "has \(frames) frames; the report shows the first")
  }

  /// Warnings as a page has them.
  static func texts(_ notices: [Notice]) -> [String] {
    notices.map { Failure.text(subject: $0.subject, message: $0.message) }
  }
}
