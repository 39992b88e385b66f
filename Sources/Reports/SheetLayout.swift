/// Where everything on a contact sheet stands, in pixels.
struct SheetLayout {
  static let background = Canvas.Color.gray(0.07)
  static let accent = Canvas.Color(red: 1, green: 0.78, blue: 0.25)
  static let titleSize = 26.0
  static let captionSize = 19.0
  static let noteSize = 16.0
  /// Sides of the largest picture and of the details.
  private static let pictureSide = 360.0
  private static let gap = 14.0
  private static let labelWidth = 100.0
  private static let titleHeight = 52.0
  private static let lineHeight = 26.0

  let pixelsPerMillimetre: Double
  /// Side of the enlarged square in millimetres.
  let detailSide: Double
  /// Size of every column's picture per row, in pixels: `[row][column]`.
  private let pictures: [[SIMD2<Double>]]
  private let columnWidth: Double
  private let rowHeights: [Double]
  private let captionLines: Int

  init(rows: [ContactSheet.Row], captionLines: Int) {
    let extents = rows.map { $0.slices.map(\.extent) }
    let largest = extents.joined().reduce(1) { max($0, $1.x, $1.y) }
    let scale = Self.pictureSide / largest
    pixelsPerMillimetre = scale
    // A third of the shorter side, so that a detail is worth its name on any volume.
    let last = extents.last?.last ?? SIMD2(1, 1)
    detailSide = min(last.x, last.y) / 3
    pictures = extents.map { $0.map { $0 * scale } }
    columnWidth = Self.pictureSide + Self.gap
    rowHeights = pictures.map { $0.reduce(0) { max($0, $1.y) } + Self.gap }
    self.captionLines = captionLines
  }

  func width(columns: Int) -> Int {
    Int(Self.labelWidth + columnWidth * Double(columns) + Self.gap)
  }

  var height: Int { Int(footnoteBaseline + Self.gap) }

  var titleBaseline: Double { Self.titleHeight - 18 }

  var labelX: Double { Self.labelWidth / 2 }

  func columnCentre(_ column: Int) -> Double {
    Self.labelWidth + columnWidth * (Double(column) + 0.5)
  }

  /// The place of a picture: in the middle of its cell.
  func frame(column: Int, row: Int) -> Canvas.Rectangle {
    let size = pictures[row][column]
    return Canvas.Rectangle(
      x: (columnCentre(column) - size.x / 2).rounded(),
      y: (rowTop(row) + (rowHeights[row] - Self.gap - size.y) / 2).rounded(),
      width: size.x, height: size.y)
  }

  func rowMiddle(_ row: Int) -> Double { rowTop(row) + (rowHeights[row] - Self.gap) / 2 }

  func detailFrame(column: Int) -> Canvas.Rectangle {
    Canvas.Rectangle(
      x: (columnCentre(column) - Self.pictureSide / 2).rounded(), y: detailTop.rounded(),
      width: Self.pictureSide, height: Self.pictureSide)
  }

  var detailMiddle: Double { detailTop + Self.pictureSide / 2 }

  func captionBaseline(line: Int) -> Double {
    detailTop + Self.pictureSide + Self.lineHeight * Double(line + 1)
  }

  var footnoteBaseline: Double { captionBaseline(line: captionLines) + 8 }

  private var detailTop: Double { rowTop(rowHeights.count) }

  private func rowTop(_ row: Int) -> Double {
    Self.titleHeight + rowHeights[..<row].reduce(0, +)
  }
}
