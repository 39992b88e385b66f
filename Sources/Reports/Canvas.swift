import CCairo

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

  private let surface: OpaquePointer
  private let context: OpaquePointer

  /// Makes a picture of one colour.
  ///
  /// - Throws: ``ReportError/drawing(_:)`` if cairo cannot, for example for a size beyond 32,767.
  init(width: Int, height: Int, background: Color) throws(ReportError) {
    guard width > 0, height > 0, width < 1 << 15, height < 1 << 15,
      let surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    else { throw .drawing("picture of \(width) x \(height) pixels") }
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS,
      let context = cairo_create(surface)
    else {
      let status = cairo_surface_status(surface)
      cairo_surface_destroy(surface)
      throw .drawing(Self.text(status))
    }
    self.surface = surface
    self.context = context
    cairo_select_font_face(
      context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
    setColor(background)
    cairo_paint(context)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Writes one line of text, its baseline at y, with a dark seam that keeps it readable on pictures.
  func drawText(
    _ text: String, x: Double, y: Double, size: Double, color: Color,
    alignment: Alignment = .centre
  ) {
    cairo_set_font_size(context, size)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    let offset: Double =
      switch alignment {
      case .left: 0
      case .centre: extents.x_advance / 2
      case .right: extents.x_advance
      }
    cairo_move_to(context, x - offset, y)
    cairo_text_path(context, text)
    setColor(.gray(0.05))
    cairo_set_line_width(context, 3)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_stroke_preserve(context)
    setColor(color)
    cairo_fill(context)
  }

  /// Draws the outline of a rectangle.
  func drawOutline(_ rectangle: Rectangle, color: Color, lineWidth: Double) {
    setColor(color)
    cairo_set_line_width(context, lineWidth)
    cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo_stroke(context)
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
    guard let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(columns), Int32(rows))
    else { throw .drawing("picture of \(columns) x \(rows) pixels") }
    defer { cairo_surface_destroy(image) }
    guard let bytes = cairo_image_surface_get_data(image) else {
      throw .drawing(Self.text(cairo_surface_status(image)))
    }
    let stride = Int(cairo_image_surface_get_stride(image))
    for row in 0..<rows {
      for column in 0..<columns {
        // Blue, green, red, unused: the order of a little-endian RGB24 word, all alike here.
        for channel in 0..<4 {
          bytes[row * stride + column * 4 + channel] = levels[row * columns + column]
        }
      }
    }
    cairo_surface_mark_dirty(image)
    cairo_save(context)
    cairo_rectangle(context, clip.x, clip.y, clip.width, clip.height)
    cairo_clip(context)
    cairo_translate(context, frame.x, frame.y)
    cairo_scale(context, frame.width / Double(columns), frame.height / Double(rows))
    cairo_set_source_surface(context, image, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_paint(context)
    cairo_restore(context)
  }

  /// The picture as the bytes of a PNG file.
  func encoded() throws(ReportError) -> [UInt8] {
    cairo_surface_flush(surface)
    let sink = ByteSink()
    let status = cairo_surface_write_to_png_stream(
      surface,
      { closure, bytes, length in
        guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
        let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
        sink.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(length)))
        return CAIRO_STATUS_SUCCESS
      }, Unmanaged.passUnretained(sink).toOpaque())
    guard status == CAIRO_STATUS_SUCCESS, cairo_status(context) == CAIRO_STATUS_SUCCESS else {
      throw .drawing(Self.text(status == CAIRO_STATUS_SUCCESS ? cairo_status(context) : status))
    }
    return sink.bytes
  }

  private final class ByteSink {
    var bytes: [UInt8] = []
  }

  private func setColor(_ color: Color) {
    cairo_set_source_rgb(context, color.red, color.green, color.blue)
  }

  private static func text(_ status: cairo_status_t) -> String {
    cairo_status_to_string(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
  }
}
