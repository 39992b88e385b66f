import Reports
import Volumes

/// Everything that a report says, as the page reads it.
struct ReportDocument {
  /// A box plot: the scores of several results.
  struct Box {
    let title: String
    let series: [(id: String, name: String, values: [Double])]
  }

  /// Agreement with the measurement.
  struct Agreement {
    let texts: [String]
    let rows: [(name: String, value: String)]
  }

  var title: String
  var summary: String
  var figures: [(value: String, label: String)] = []
  var warnings: [String] = []
  /// Which layers stand left and right at the beginning.
  var start = (left: "cubic", right: "result")
  /// Spacing of the input along i, j, k of the grid; its frequency limit is marked in spectra.
  var inputSpacing: SIMD3<Double>?
  var tables: [(caption: String, table: ScoreTable)] = []
  var boxes: [Box] = []
  var agreement: Agreement?
  var facts: [(title: String, rows: [(name: String, value: String)])] = []
  var citations: [String] = []
  var content: ReportContent

  /// The order of layers on the page; others follow as they were added.
  private static let order = ["input", "cubic", "result", "truth"]

  /// The bytes of the HTML file.
  var page: [UInt8] { ReportPage.document(title: title, data: json.line) }

  private var layers: [(index: Int, layer: ReportContent.Layer)] {
    let known = content.layers.enumerated().map { (index: $0.offset, layer: $0.element) }
    func rank(_ id: String) -> Int {
      id.hasPrefix("result") ? 2 : Self.order.firstIndex(of: id) ?? Self.order.count
    }
    return known.sorted { (rank($0.layer.id), $0.index) < (rank($1.layer.id), $1.index) }
  }

  private var json: JSON {
    .object([
      ("schema", .string("arssr.report/1")), ("title", .string(title)),
      ("summary", .string(summary)), ("version", .string(Arssr.version)),
      (
        "figures",
        .array(
          figures.map { .object([("value", .string($0.value)), ("label", .string($0.label))]) })
      ),
      ("warnings", .strings(warnings)), ("start", .strings([start.left, start.right])),
      ("convention", .string(convention)),
      (
        "window",
        .object([("low", .number(content.window.low)), ("high", .number(content.window.high))])
      ),
      (
        "layers",
        .array(
          layers.map { _, layer in
            .object([
              ("id", .string(layer.id)), ("name", .string(layer.name)),
              ("kind", .string(layer.kind.rawValue)), ("note", .string(layer.note)),
            ])
          })
      ),
      ("planes", .array(content.album.planes.map(plane))), ("histogram", histogram),
      ("spectra", spectra), ("seams", seams), ("seamText", .string(seamText)),
      ("consistency", consistency), ("tables", .array(tables.map(table))),
      ("boxes", .array(boxes.map(box))), ("facts", .array(facts.map(factTable))),
      ("citations", .strings(citations)),
    ])
  }

  private var convention: String {
    content.grid.orientation == nil
      ? "The file does not say how the volume lies in the patient; sides are not marked."
      : "Radiological convention: the patient's right is on the left of the picture. Slices follow "
        + "the voxel axes."
  }

  // MARK: - Pictures

  private func plane(_ plane: SliceAlbum.Plane) -> JSON {
    let geometry = plane.geometry
    let letters = geometry.plane.edgeLetters
    let edges =
      content.grid.orientation == nil
      ? ["", "", "", ""] : [letters.left, letters.right, letters.top, letters.bottom]
    return .object([
      ("name", .string(geometry.plane.rawValue)), ("width", .integer(geometry.width)),
      ("height", .integer(geometry.height)),
      ("pixel", .array([.number(geometry.pixel.x), .number(geometry.pixel.y)])),
      ("edges", .strings(edges)), ("count", .integer(geometry.count)),
      ("detail", .array([.number(plane.detail.x), .number(plane.detail.y)])),
      (
        "slices",
        .array(
          plane.numbers.indices.map { slice in
            .object([
              ("index", .integer(plane.numbers[slice])),
              (
                "images",
                .array(layers.map { .string(plane.text(layer: $0.index, slice: slice)) })
              ),
            ])
          })
      ),
    ])
  }

  // MARK: - Plots

  /// Enough digits for a plot.
  private static func short(_ value: Double) -> JSON {
    .number(Double(NumberText.short(value, significant: 4)) ?? value)
  }

  private var histogram: JSON {
    .object([
      (
        "series",
        .array(
          layers.compactMap { _, layer in
            layer.histogram.map {
              .object([
                ("layer", .string(layer.id)), ("shares", .array($0.shares.map(Self.short))),
              ])
            }
          })
      )
    ])
  }

  private static let axisNames = ["i", "j", "k"]

  /// `i (left to right)` where the patient's axes are known.
  private func axisName(_ axis: Int) -> String {
    guard let letter = content.grid.orientation.map({ Array($0)[axis] }) else {
      return Self.axisNames[axis]
    }
    let way: String =
      switch letter {
      case "R", "L": "left, right"
      case "A", "P": "back, front"
      default: "foot, head"
      }
    return "\(Self.axisNames[axis]) (\(way))"
  }

  private var spectra: JSON {
    .array(
      (0..<3).map { axis in
        .object([
          ("axis", .string(axisName(axis))),
          ("limit", inputSpacing.map { .number(0.5 / $0[axis]) } ?? .null),
          (
            "series",
            .array(
              layers.filter { !$0.layer.spectra.isEmpty }.map { _, layer in
                let (spectrum, spacing) = layer.spectra[axis]
                return .object([
                  ("layer", .string(layer.id)),
                  ("step", Self.short(1 / (Double(spectrum.length) * spacing))),
                  ("power", .array(spectrum.power.map(Self.short))),
                ])
              })
          ),
        ])
      })
  }

  private var seams: JSON {
    .array(
      (0..<3).map { axis in
        .object([
          ("axis", .string(axisName(axis))),
          (
            "series",
            .array(
              layers.filter { !$0.layer.steps.isEmpty }.map { _, layer in
                .object([
                  ("layer", .string(layer.id)),
                  (
                    "values",
                    .array(layer.steps[axis].ratios.map { $0.map(Self.short) ?? .null })
                  ),
                ])
              })
          ),
        ])
      })
  }

  /// The largest steps in words.
  private var seamText: String {
    layers.compactMap { _, layer in
      let found = layer.steps.enumerated().compactMap { axis, steps in
        steps.largest.map { (axis: axis, plane: $0.plane, ratio: $0.ratio) }
      }
      return found.max { $0.ratio < $1.ratio }.map {
        "\(layer.name): largest step \(NumberText.fixed($0.ratio, decimals: 2)) times those around "
          + "it (axis \(Self.axisNames[$0.axis]), behind plane \($0.plane + 1))."
      }
    }.joined(separator: " ")
  }

  // MARK: - Tables

  private var consistency: JSON {
    guard let agreement else { return .null }
    return .object([("texts", .strings(agreement.texts)), ("rows", Self.rows(agreement.rows))])
  }

  private func table(_ table: (caption: String, table: ScoreTable)) -> JSON {
    .object([
      ("caption", .string(table.caption)), ("header", .strings(table.table.header)),
      ("rows", .array(table.table.rows.map(JSON.strings))),
    ])
  }

  private func box(_ box: Box) -> JSON {
    .object([
      ("title", .string(box.title)),
      (
        "series",
        .array(
          box.series.map {
            .object([
              ("id", .string($0.id)), ("name", .string($0.name)),
              ("values", .array($0.values.filter(\.isFinite).map(JSON.number))),
            ])
          })
      ),
    ])
  }

  private func factTable(
    _ facts: (title: String, rows: [(name: String, value: String)])
  ) -> JSON {
    .object([("title", .string(facts.title)), ("rows", Self.rows(facts.rows))])
  }

  private static func rows(_ rows: [(name: String, value: String)]) -> JSON {
    .array(rows.map { .strings([$0.name, $0.value]) })
  }
}
