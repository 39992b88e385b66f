import Files

/// Charts below each other.
public struct ChartSheet: Sendable {
  /// From top to bottom.
  public var charts: [LineChart]

  /// Stacks charts.
  public init(charts: [LineChart]) { self.charts = charts }

  /// Writes the charts as a PNG file, whole or not at all.
  ///
  /// - Parameter path: The file, which is replaced if it exists.
  /// - Throws: ``ReportError`` if there is no chart, or the picture cannot be drawn or written.
  public func write(path: String) throws(ReportError) {
    guard !charts.isEmpty else { throw .empty }
    let canvas = try Canvas(
      width: Int(LineChart.width), height: Int(LineChart.height) * charts.count,
      background: SheetLayout.background)
    for (index, chart) in charts.enumerated() {
      chart.draw(on: canvas, top: LineChart.height * Double(index))
    }
    try ReportError.write(canvas.encoded(), path: path, force: true)
  }
}
