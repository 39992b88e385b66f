import Foundation
import TestSupport
import Testing

/// The page of all sidecar fields beside the schemas, to which other tests hold what is written.
@Suite struct SidecarPageTests {
  private static let page = Repository.folder.appendingPathComponent("Documentation/Sidecar.md")

  /// The rows of a section's table, each as its cells.
  private func rows(_ section: String) throws -> [[String]] {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let start = try #require(text.range(of: "## \(section)\n")).upperBound
    let end = text.range(of: "\n## ", range: start..<text.endIndex)?.lowerBound ?? text.endIndex
    return text[start..<end].split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private func names(_ cell: String) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  private func properties(_ schema: [String: Any]) -> [String: [String: Any]] {
    schema["properties"] as? [String: [String: Any]] ?? [:]
  }

  /// The names of all fields inside a field, however deep.
  private func inner(_ schema: [String: Any]) -> Set<String> {
    let choices = schema["anyOf"] as? [[String: Any]] ?? []
    let items = (schema["items"] as? [String: Any]).map { [$0] } ?? []
    let nested = (choices + items + properties(schema).values).map(inner)
    return nested.reduce(Set(properties(schema).keys)) { $0.union($1) }
  }

  @Test(arguments: [
    ("arssr.sidecar/1", "`Arssr`, of `upsample`"), ("arssr.degradation/1", "`Arssr`, of `degrade`"),
  ])
  func everyFieldIsDescribedAndNoOther(_ schema: String, _ section: String) throws {
    let fields = properties(try JSONSchema(schema).root)
    let ours = properties(try #require(fields["Arssr"]))
    let general = try rows("Fields of BIDS")
    #expect(Set(fields.keys).subtracting(["Arssr"]).isSubset(of: general.flatMap { names($0[0]) }))

    let table = try rows(section)
    #expect(table.allSatisfy { $0.count == 2 || $0.count == 3 }, "field, content, unit")
    #expect(Set(table.flatMap { names($0[0]) }) == Set(ours.keys))
    for (field, description) in ours {
      // What both commands write of the source is described once.
      let places = try field == "Source" ? rows("`Arssr`, of `upsample`") : table
      let row = try #require(places.first { names($0[0]).contains(field) })
      let words = Set(names(row[1]).map { $0.replacingOccurrences(of: "--", with: "") })
      #expect(inner(description).subtracting(words) == [], "\(field)")
    }
  }
}
