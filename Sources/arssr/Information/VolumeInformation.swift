import Files
import Volumes

/// What `info` tells of a NIfTI file: `arssr.volume/1`.
struct VolumeInformation {
  /// Spacings further apart than this are called thick slices.
  private static let thickRatio = 1.5

  private let path: String
  private let header: NIfTIHeader
  private let fileBytes: Int
  private let isCompressed: Bool
  private let statistics: VoxelStatistics

  /// Reads the whole file.
  init(path: String, console: Console) throws(Failure) {
    self.path = path
    let (reader, statistics) = try Failure.of { () throws(VolumeError) in
      let reader = try VolumeReader(path: path)
      var statistics = VoxelStatistics()
      for frame in 0..<reader.header.frames {
        statistics.add(try reader.readFrame(frame, nonFinite: .keep).voxels)
      }
      try reader.finish()
      return (reader, statistics)
    }
    reader.notices.forEach(console.warn)
    header = reader.header
    fileBytes = reader.fileBytes
    isCompressed = reader.isCompressed
    self.statistics = statistics
  }

  private var grid: Grid { header.grid }
  private var spacing: SIMD3<Double> { grid.affine.columnNorms }
  /// The axis of thick slices, where there is one.
  private var thickAxis: String? {
    guard spacing.max() / spacing.min() >= Self.thickRatio else { return nil }
    return ["i", "j", "k"].enumerated().max { spacing[$0.offset] < spacing[$1.offset] }?.element
  }

  var text: String {
    var lines: [(String, String)] = [
      (
        "file",
        "\(Escaping.path(path))   NIfTI-\(header.version == .one ? 1 : 2), "
          + "\(ByteSize.text(fileBytes))\(isCompressed ? ", gzip" : "")"
      ),
      ("size", SizeText.text(grid.size) + (header.frames > 1 ? " x \(header.frames) frames" : "")),
      (
        "spacing",
        "\(SizeText.text(spacing)) mm"
          + (thickAxis.map { "   thick slices along \($0)" } ?? "")
      ),
      ("field of view", "\(SizeText.text(grid.fieldOfView)) mm"),
      ("orientation", grid.orientation ?? "unknown (both codes 0)"),
    ]
    for (name, form) in [("sform", grid.sform), ("qform", grid.qform)] {
      guard let form else {
        lines.append((name, "none"))
        continue
      }
      lines.append((name, "code \(form.code)"))
      for row in 0..<3 {
        let values = (0..<4).map { column in
          let text = NumberText.short(form.affine[row, column])
          return String(repeating: " ", count: max(0, 11 - text.count)) + text
        }
        lines.append(("", values.joined(separator: " ")))
      }
    }
    let scaling = header.scaling.map {
      "   slope \(NumberText.short($0.slope)), intercept \(NumberText.short($0.intercept))"
    }
    lines.append(("voxels", header.voxelType.name + (scaling ?? "")))
    lines.append(("values", valuesText))
    if !header.descriptionText.isEmpty {
      lines.append(("description", Escaping.text(bytes: header.descriptionText)))
    }
    return Columns.text(lines)
  }

  private var valuesText: String {
    // One voxel of many must not print as none.
    let share = NumberText.short(100 * statistics.shareAtMinimum, significant: 3)
    let range = statistics.range.map {
      "\(NumberText.short(Double($0.lowerBound))) to \(NumberText.short(Double($0.upperBound))); "
        + "\(share) % are the smallest value"
    }
    return (range ?? "none that is finite")
      + (statistics.nonFinite > 0 ? "; not finite: \(statistics.nonFinite)" : "")
  }

  var json: JSON {
    .object([
      ("schema", .string("arssr.volume/1")), ("path", .string(path)),
      ("format", .string(header.version == .one ? "NIfTI-1" : "NIfTI-2")),
      ("fileBytes", .integer(fileBytes)), ("compressed", .boolean(isCompressed)),
      ("size", .integers(grid.size)), ("frames", .integer(header.frames)),
      ("spacing", .numbers(spacing.rounded(significant: 9))),
      ("fieldOfView", .numbers(grid.fieldOfView.rounded(significant: 9))),
      ("orientation", .optional(grid.orientation)),
      ("sform", Self.form(grid.sform)), ("qform", Self.form(grid.qform)),
      ("dataType", .string(header.voxelType.name)),
      ("slope", header.scaling.map { .number($0.slope) } ?? .null),
      ("intercept", header.scaling.map { .number($0.intercept) } ?? .null),
      (
        "range",
        statistics.range.map {
          .array([.number(Double($0.lowerBound)), .number(Double($0.upperBound))])
        } ?? .null
      ),
      ("nonFinite", .integer(statistics.nonFinite)),
      ("shareAtMinimum", .number(statistics.shareAtMinimum)),
      ("thickSlices", .optional(thickAxis)),
      ("description", .string(Escaping.text(bytes: header.descriptionText))),
    ])
  }

  private static func form(_ form: PlacedAffine?) -> JSON {
    guard let form else { return .null }
    let rows = (0..<3).map { row in
      JSON.array((0..<4).map { .number(form.affine[row, $0]) })
    }
    return .object([("code", .integer(form.code)), ("matrix", .array(rows))])
  }
}

/// Lines of a name and a text, the texts below each other.
enum Columns {
  static func text(_ lines: [(String, String)]) -> String {
    let width = (lines.map(\.0.count).max() ?? 0) + 2
    return lines.map { name, text in
      name + String(repeating: " ", count: width - name.count) + text
    }.joined(separator: "\n")
  }
}
