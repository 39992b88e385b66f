import Volumes

/// Volumes of one field of view side by side: a column each, a row for every plane, and a row with
/// an enlarged detail.
///
/// All pictures have one scale in millimetres and one gray window, and show the slice nearest to the
/// same point of scanner space. Pixels are voxels; nothing is smoothed.
public struct ContactSheet: Sendable {
  /// A volume and what is written above and below its pictures.
  public struct Column: Sendable {
    /// Above.
    public var title: String
    /// Below, one line each.
    public var captions: [String]
    /// What is shown.
    public var volume: Volume

    /// Pairs a volume with its texts.
    public init(title: String, captions: [String], volume: Volume) {
      self.title = title
      self.captions = captions
      self.volume = volume
    }
  }

  /// From left to right.
  ///
  /// The last one is the reference: its middle is the point that is shown, and its values decide
  /// the gray window.
  public var columns: [Column]
  /// Written under everything.
  public var footnote: String

  /// Pairs the columns with a footnote.
  public init(columns: [Column], footnote: String) {
    self.columns = columns
    self.footnote = footnote
  }

  /// Writes the sheet as a PNG file, whole or not at all.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - force: Replaces a file that exists.
  /// - Throws: ``ReportError`` if there is no column, or the picture cannot be drawn or written.
  public func write(path: String, force: Bool) throws(ReportError) {
    try ReportError.write(drawn(), path: path, force: force)
  }

  /// The sheet as the bytes of a PNG file.
  func drawn() throws(ReportError) -> [UInt8] {
    guard let reference = columns.last?.volume else { throw .empty }
    let rows = PatientPlane.allCases.map { plane in
      Row(plane: plane, slices: columns.map { slice($0.volume, plane, of: reference) })
    }
    let layout = SheetLayout(
      rows: rows, captionLines: columns.map(\.captions.count).max() ?? 0)
    let canvas = try Canvas(
      width: layout.width(columns: columns.count), height: layout.height,
      background: SheetLayout.background)
    let window = IntensityMap.measured(.percentile(0.5, 99.8), voxels: reference.voxels)

    let detail = Detail(rows: rows, side: layout.detailSide, window: window)
    for (index, column) in columns.enumerated() {
      let centre = layout.columnCentre(index)
      canvas.drawText(
        column.title, x: centre, y: layout.titleBaseline, size: SheetLayout.titleSize,
        color: .gray(1))
      for (rowIndex, row) in rows.enumerated() {
        try drawPlane(row, index, layout.frame(column: index, row: rowIndex), on: canvas, window)
      }
      try drawDetail(detail, rows, column: index, layout: layout, on: canvas, window)
      for (line, caption) in column.captions.enumerated() {
        canvas.drawText(
          caption, x: centre, y: layout.captionBaseline(line: line), size: SheetLayout.captionSize,
          color: .gray(line == 0 ? 1 : 0.75))
      }
    }
    for (rowIndex, row) in rows.enumerated() {
      canvas.drawText(
        row.plane.rawValue, x: layout.labelX, y: layout.rowMiddle(rowIndex),
        size: SheetLayout.captionSize, color: .gray(0.75))
    }
    canvas.drawText(
      "detail", x: layout.labelX, y: layout.detailMiddle, size: SheetLayout.captionSize,
      color: SheetLayout.accent)
    canvas.drawText(
      footnote, x: Double(layout.width(columns: columns.count)) / 2, y: layout.footnoteBaseline,
      size: SheetLayout.noteSize, color: .gray(0.75))
    return try canvas.encoded()
  }

  /// The slices of one plane, one per column.
  struct Row {
    let plane: PatientPlane
    let slices: [SliceImage]
  }

  /// The slice through the middle voxel of the reference.
  private func slice(
    _ volume: Volume, _ plane: PatientPlane, of reference: Volume
  ) -> SliceImage {
    let middle = SIMD3<Double>(
      SIMD3(
        reference.grid.size.x / 2, reference.grid.size.y / 2, reference.grid.size.z / 2))
    return SliceImage(volume, plane: plane, through: reference.grid.affine.apply(middle))
  }

  private func drawPlane(
    _ row: Row, _ column: Int, _ frame: Canvas.Rectangle, on canvas: Canvas,
    _ window: IntensityMap
  ) throws(ReportError) {
    let slice = row.slices[column]
    try canvas.drawImage(levels(slice, window), columns: slice.width, frame: frame, clip: frame)
    let letters = row.plane.edgeLetters
    let size = SheetLayout.noteSize
    let middle = frame.y + frame.height / 2 + size / 3
    let color = SheetLayout.accent
    canvas.drawText(
      letters.left, x: frame.x + 4, y: middle, size: size, color: color, alignment: .left)
    canvas.drawText(
      letters.right, x: frame.x + frame.width - 4, y: middle, size: size, color: color,
      alignment: .right)
    canvas.drawText(
      letters.top, x: frame.x + frame.width / 2, y: frame.y + size, size: size, color: color)
  }

  /// Which part of which plane is enlarged: the square of the reference with most structure.
  private struct Detail {
    let row: Int
    let corner: SIMD2<Double>
    let side: Double

    init(rows: [Row], side: Double, window: IntensityMap) {
      let squares = rows.map { row in
        row.slices.last?.richestSquare(side: side, window: window)
          ?? SliceImage.Square(corner: .zero, structure: 0)
      }
      let richest = squares.indices.max { squares[$0].structure < squares[$1].structure } ?? 0
      row = richest
      corner = squares[richest].corner
      self.side = side
    }
  }

  /// Enlarges the detail of a column, and marks it in the plane where it lies.
  private func drawDetail(
    _ detail: Detail, _ rows: [Row], column: Int, layout: SheetLayout, on canvas: Canvas,
    _ window: IntensityMap
  ) throws(ReportError) {
    let row = rows[detail.row]
    guard let reference = row.slices.last else { return }
    let slice = row.slices[column]
    // The same place in a slice of another grid, by the common point.
    let corner = detail.corner + slice.point - reference.point
    let clip = layout.detailFrame(column: column)
    let zoom = clip.width / detail.side
    try canvas.drawImage(
      levels(slice, window), columns: slice.width,
      frame: Canvas.Rectangle(
        x: clip.x - corner.x * zoom, y: clip.y - corner.y * zoom,
        width: slice.extent.x * zoom, height: slice.extent.y * zoom),
      clip: clip)
    canvas.drawOutline(clip, color: SheetLayout.accent, lineWidth: 1.5)
    let frame = layout.frame(column: column, row: detail.row)
    let scale = layout.pixelsPerMillimetre
    canvas.drawOutline(
      Canvas.Rectangle(
        x: frame.x + corner.x * scale, y: frame.y + corner.y * scale,
        width: detail.side * scale, height: detail.side * scale),
      color: SheetLayout.accent, lineWidth: 1.5)
  }

  private func levels(_ slice: SliceImage, _ window: IntensityMap) -> [UInt8] {
    slice.values.map { value in
      let level = window.normalise(value) * 255
      return level.isFinite ? UInt8(min(max(level.rounded(), 0), 255)) : 0
    }
  }
}
