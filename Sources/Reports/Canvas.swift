import CCairo

/// Whether pictures can be drawn here.
public enum Drawing {
  /// False where libcairo.so.2 is not installed.
  public static var isAvailable: Bool { ccairo_functions() != nil }
}

/// A picture being drawn: the one owner of a cairo surface and its context.
///
/// Coordinates are pixels from the upper left corner, y downwards.
final class Canvas {
  struct Color {
    var red: Double
    var green: Double
    var blue: Double

    static func gray(_ level: Double) -> Color { Color(red: level, green: level, blue: level) }
  }

  struct Rectangle {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  enum Alignment {
    case left
    case centre
    case right
  }

  private let cairo: CairoFunctions
  private let surface: OpaquePointer
  private let context: OpaquePointer

  /// Makes a picture of one colour.
  ///
  /// - Throws: ``ReportError/drawing(_:)`` if cairo is missing or cannot, for example for a size beyond
  ///   32,767.
  init(width: Int, height: Int, background: Color) throws(ReportError) {
    guard let cairo = ccairo_functions()?.pointee else {
      throw .drawing("the library cairo, libcairo.so.2, is not installed")
    }
    guard width > 0, height > 0, width < 1 << 15, height < 1 << 15 else {
      throw .drawing("picture of \(width) x \(height) pixels")
    }
    surface = cairo.image_surface_create(Int32(CairoFormatRGB24), Int32(width), Int32(height))
    context = cairo.create(surface)
    self.cairo = cairo
    try check()
    cairo.select_font_face(
      context, "sans-serif", Int32(CairoFontSlantNormal), Int32(CairoFontWeightNormal))
    setColor(background)
    cairo.paint(context)
  }

  deinit {
    cairo.destroy(context)
    cairo.surface_destroy(surface)
  }

  /// Writes one line of text, its baseline at y, with a dark seam that keeps it readable on pictures.
  func drawText(
    _ text: String, x: Double, y: Double, size: Double, color: Color,
    alignment: Alignment = .centre
  ) {
    cairo.set_font_size(context, size)
    var extents = CairoTextExtents()
    cairo.text_extents(context, text, &extents)
    let offset: Double =
      switch alignment {
      case .left: 0
      case .centre: extents.x_advance / 2
      case .right: extents.x_advance
      }
    cairo.move_to(context, x - offset, y)
    cairo.text_path(context, text)
    setColor(.gray(0.05))
    cairo.set_line_width(context, 3)
    cairo.set_line_join(context, Int32(CairoLineJoinRound))
    cairo.stroke_preserve(context)
    setColor(color)
    cairo.fill(context)
  }

  /// Draws the outline of a rectangle.
  func drawOutline(_ rectangle: Rectangle, color: Color, lineWidth: Double) {
    setColor(color)
    cairo.set_line_width(context, lineWidth)
    cairo.rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo.stroke(context)
  }

  /// Draws straight lines from point to point.
  func drawLine(_ points: [SIMD2<Double>], color: Color, lineWidth: Double) {
    guard let first = points.first else { return }
    setColor(color)
    cairo.set_line_width(context, lineWidth)
    cairo.set_line_join(context, Int32(CairoLineJoinRound))
    cairo.move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo.line_to(context, point.x, point.y) }
    cairo.stroke(context)
  }

  /// Draws gray levels, every pixel as a plain rectangle: nothing is smoothed.
  ///
  /// - Parameters:
  ///   - levels: 0 black to 255 white, `[row][column]`.
  ///   - columns: Pixels per row.
  ///   - frame: Where the whole picture goes.
  ///   - clip: What is shown of it.
  /// - Throws: ``ReportError/drawing(_:)`` if cairo cannot make the picture.
  func drawImage(
    _ levels: [UInt8], columns: Int, frame: Rectangle, clip: Rectangle
  ) throws(ReportError) {
    let rows = levels.count / columns
    let image = cairo.image_surface_create(
      Int32(CairoFormatRGB24), Int32(columns), Int32(rows))
    defer { cairo.surface_destroy(image) }
    guard let bytes = cairo.image_surface_get_data(image) else {
      throw .drawing(text(cairo.surface_status(image)))
    }
    let stride = Int(cairo.image_surface_get_stride(image))
    for row in 0..<rows {
      for column in 0..<columns {
        // Blue, green, red, unused: the order of a little-endian RGB24 word, all alike here.
        for channel in 0..<4 {
          bytes[row * stride + column * 4 + channel] = levels[row * columns + column]
        }
      }
    }
    cairo.surface_mark_dirty(image)
    cairo.save(context)
    cairo.rectangle(context, clip.x, clip.y, clip.width, clip.height)
    cairo.clip(context)
    cairo.translate(context, frame.x, frame.y)
    cairo.scale(context, frame.width / Double(columns), frame.height / Double(rows))
    cairo.set_source_surface(context, image, 0, 0)
    cairo.pattern_set_filter(cairo.get_source(context), Int32(CairoFilterNearest))
    cairo.paint(context)
    cairo.restore(context)
  }

  /// The picture as the bytes of a PNG file.
  func encoded() throws(ReportError) -> [UInt8] {
    cairo.surface_flush(surface)
    let sink = ByteSink()
    let status = cairo.surface_write_to_png_stream(
      surface,
      { closure, bytes, length in
        let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
        sink.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(length)))
        return Int32(CairoStatusSuccess)
      }, Unmanaged.passUnretained(sink).toOpaque())
    guard status == CairoStatusSuccess else { throw .drawing(text(status)) }
    try check()
    return sink.bytes
  }

  private final class ByteSink {
    var bytes: [UInt8] = []
  }

  private func setColor(_ color: Color) {
    cairo.set_source_rgb(context, color.red, color.green, color.blue)
  }

  /// - Throws: ``ReportError/drawing(_:)`` if something could not be drawn.
  private func check() throws(ReportError) {
    let status = cairo.status(context)
    guard status == CairoStatusSuccess else { throw .drawing(text(status)) }
  }

  private func text(_ status: Int32) -> String { String(cString: cairo.status_to_string(status)) }
}
