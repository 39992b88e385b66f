import Testing

@testable import Reports

@Suite struct ChartTests {
  /// Ticks are multiples of 1, 2 or 5 times a power of ten, not too many, and cover all values.
  @Test(arguments: [
    [0.0, 1], [0, 30_000], [-0.3, 3.7], [0.61, 0.63], [1e-7, 3e-7], [5, 5], [0, 0], [-40, -39.5],
  ]) func axesCoverTheValuesWithRoundNumbers(_ values: [Double]) throws {
    let axis = ChartAxis(covering: values)
    let ticks = axis.ticks
    #expect(axis.low <= values[0] && axis.high >= values[1])
    #expect((3...9).contains(ticks.count), "\(ticks)")
    let texts = ticks.map(axis.text)
    #expect(Set(texts).count == ticks.count, "\(texts)")
    for (tick, text) in zip(ticks, texts) {
      let read = try #require(Double(text))
      #expect(abs(read - tick) < 1e-6 * (axis.high - axis.low), "\(text) for \(tick)")
    }
  }

  @Test func anAxisWithoutValuesIsThere() {
    #expect(ChartAxis(covering: []).ticks.first == 0)
  }
}
