/// Curves over one horizontal axis, with a legend.
public struct LineChart: Sendable {
  /// One curve.
  public struct Series: Sendable {
    /// In the legend.
    public var name: String
    /// x and y, x rising; values that are not finite break the curve.
    public var points: [SIMD2<Double>]

    /// Names a curve.
    public init(name: String, points: [SIMD2<Double>]) {
      self.name = name
      self.points = points
    }
  }

  /// Above the chart.
  public var title: String
  /// Below it.
  public var horizontal: String
  /// In the order of the legend.
  public var series: [Series]

  /// Titles some curves.
  public init(title: String, horizontal: String, series: [Series]) {
    self.title = title
    self.horizontal = horizontal
    self.series = series
  }

  static let width = 1000.0
  static let height = 420.0
  private static let legendWidth = 190.0
  private static let textSize = 15.0
  /// Okabe and Ito's palette, which people of all kinds of colour vision tell apart.
  private static let colors = [
    (0.34, 0.71, 0.91), (0.90, 0.62, 0.00), (0.00, 0.62, 0.45), (0.80, 0.47, 0.65),
    (0.94, 0.89, 0.26), (0.84, 0.37, 0.00), (0.00, 0.45, 0.70), (0.75, 0.75, 0.75),
  ].map { Canvas.Color(red: $0.0, green: $0.1, blue: $0.2) }

  /// Draws the chart with its upper edge at `top`.
  func draw(on canvas: Canvas, top: Double) {
    let finite = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let across = ChartAxis(covering: finite.map(\.x))
    let up = ChartAxis(covering: finite.map(\.y))
    let frame = Canvas.Rectangle(
      x: 80, y: top + 44, width: Self.width - 100 - Self.legendWidth, height: Self.height - 110)
    func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
      SIMD2(
        frame.x + across.share(point.x) * frame.width,
        frame.y + (1 - up.share(point.y)) * frame.height)
    }
    canvas.drawText(
      title, x: frame.x, y: top + 30, size: Self.textSize + 3, color: .gray(1), alignment: .left)
    for tick in up.ticks {
      let y = place(SIMD2(across.low, tick)).y
      canvas.drawLine(
        [SIMD2(frame.x, y), SIMD2(frame.x + frame.width, y)], color: .gray(0.25), lineWidth: 1)
      canvas.drawText(
        up.text(tick), x: frame.x - 8, y: y + 5, size: Self.textSize, color: .gray(0.75),
        alignment: .right)
    }
    for tick in across.ticks {
      canvas.drawText(
        across.text(tick), x: place(SIMD2(tick, up.low)).x, y: frame.y + frame.height + 22,
        size: Self.textSize, color: .gray(0.75))
    }
    canvas.drawText(
      horizontal, x: frame.x + frame.width / 2, y: frame.y + frame.height + 46,
      size: Self.textSize, color: .gray(0.75))
    for (index, curve) in series.enumerated() {
      let color = Self.colors[index % Self.colors.count]
      let pieces = curve.points.split { !($0.x.isFinite && $0.y.isFinite) }
      for piece in pieces { canvas.drawLine(piece.map(place), color: color, lineWidth: 2) }
      let y = frame.y + 14 + Double(index) * 24
      let left = frame.x + frame.width + 16
      canvas.drawLine([SIMD2(left, y - 5), SIMD2(left + 22, y - 5)], color: color, lineWidth: 3)
      canvas.drawText(
        curve.name, x: left + 30, y: y, size: Self.textSize, color: .gray(0.9), alignment: .left)
    }
  }
}
