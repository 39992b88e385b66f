import Files
import Volumes

/// What all sidecars say in the same way.
enum SidecarParts {
  /// The file that a result was made from; `facts` are what held for it alone.
  static func source(
    _ header: NIfTIHeader, frames: [Int], digest: String,
    facts: [(key: String, value: JSON)] = []
  ) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("SHA256", .string(digest)),
      ("Size", .integers(header.grid.size)),
      ("Spacing", .numbers(header.grid.affine.columnNorms.rounded(significant: 9))),
      ("DataType", .string(header.voxelType.name)),
      ("Orientation", .optional(header.grid.orientation)),
      ("Description", .string(Escaping.text(bytes: header.descriptionText))),
    ]
    if header.frames > 1 { members.append(("Volumes", .array(frames.map(JSON.integer)))) }
    if !header.extensions.isEmpty {
      // Carried as they are: what they say of the acquisition holds for the source.
      members.append(("ExtensionCodes", .array(header.extensions.map { .integer(Int($0.code)) })))
    }
    return .object(members + facts)
  }

  /// The options that decide about values, in the user's words.
  static func options(_ recorded: [(name: String, text: String)]) -> JSON {
    .object(recorded.map { ($0.name, .string(name($0.text))) })
  }

  /// Spacing, and how many times `finer` or `coarser` (`direction`) than the source's it is.
  static func resolution(_ grid: Grid, factors: SIMD3<Double>, _ direction: String) -> JSON {
    let spacing = SizeText.text(grid.affine.columnNorms)
    let text = TripleText.text(factors, significant: 6)
    let each = text.contains("," as Character) ? "along i, j, k" : "on each axis"
    return .string("\(spacing) mm; \(text) times \(direction) than the source \(each)")
  }

  /// One value for a volume, one per frame for a series.
  static func each(_ values: [JSON]) -> JSON { values.count == 1 ? values[0] : .array(values) }

  /// The last part of a path: the folder is the user's own affair.
  static func name(_ path: String) -> String {
    path == StandardInput.name
      ? "standard input"
      : path.unicodeScalars.split(separator: "/").last.map { String($0) } ?? path
  }
}
