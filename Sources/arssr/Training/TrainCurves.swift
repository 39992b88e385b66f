import Reports
import Training

/// Losses and gains of a training as curves.
struct TrainCurves {
  private let hasBase: Bool
  private var losses: [SIMD2<Double>] = []
  /// Gain over cubic interpolation in dB, by scale and degradation, in the order of the table.
  private var gains: [LineChart.Series] = []

  /// Begins with what the tables of a training hold.
  ///
  /// - Parameters:
  ///   - losses: `log.csv`.
  ///   - scores: `validation.csv`.
  ///   - hasBase: Whether the network adds to cubic interpolation.
  init(losses: String, scores: String, hasBase: Bool) {
    self.hasBase = hasBase
    for fields in Self.rows(losses) where fields.count >= 3 {
      guard let step = Double(fields[0]), let loss = Double(fields[1]) else { continue }
      addLoss(step: step, mean: loss, ofBase: Double(fields[2]))
    }
    for fields in Self.rows(scores) where fields.count == 8 {
      guard let step = Double(fields[0]), let gain = Double(fields[7]) else { continue }
      let scale = fields[1...3].compactMap { Double($0) }
      guard scale.count == 3 else { continue }
      addGain(step: step, gain, name: Self.name(String(fields[4]), SIMD3(scale)))
    }
  }

  private static func rows(_ table: String) -> [[Substring]] {
    table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  }

  /// Adds a line of `log.csv`.
  mutating func addLoss(step: Double, mean: Double, ofBase base: Double?) {
    losses.append(SIMD2(step, hasBase ? mean / max(base ?? mean, 1e-30) : mean))
  }

  /// Adds a validation.
  mutating func add(step: Int, _ score: ValidationScore) {
    for group in score.groups {
      addGain(step: Double(step), group.gain, name: Self.name(group.source.name, group.scale))
    }
  }

  private mutating func addGain(step: Double, _ gain: Double, name: String) {
    let index = gains.firstIndex { $0.name == name }
    if let index {
      gains[index].points.append(SIMD2(step, gain))
    } else {
      gains.append(LineChart.Series(name: name, points: [SIMD2(step, gain)]))
    }
  }

  /// `psf 1x1x4`.
  static func name(_ source: String, _ scale: SIMD3<Double>) -> String {
    "\(source) \(TripleText.text(scale).replacing(",", with: "x"))"
  }

  /// Draws the curves; a picture that cannot be written is no reason to stop.
  func write(to path: String) {
    let loss = LineChart(
      title: hasBase ? "loss, that of cubic interpolation = 1" : "loss", horizontal: "step",
      series: [LineChart.Series(name: "training", points: losses)])
    let gain = LineChart(
      title: "PSNR over cubic interpolation, dB", horizontal: "step", series: gains)
    try? ChartSheet(charts: gains.isEmpty ? [loss] : [loss, gain]).write(path: path)
  }
}
