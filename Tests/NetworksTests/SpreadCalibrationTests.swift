import Testing

@testable import Networks

@Suite("What the spread of an ensemble says")
struct SpreadCalibrationTests {
  @Test func scalesBetweenAreInterpolatedAndThoseBeyondTakeTheNearest() throws {
    let calibration = try #require(SpreadCalibration("2:0.004,5;4:0.008,3"))
    let cases: [(scale: Double, floor: Double, factor: Double)] = [
      (1, 0.004, 5), (2, 0.004, 5), (2.5, 0.005, 4.5), (3, 0.006, 4), (4, 0.008, 3), (9, 0.008, 3),
    ]
    for (scale, floor, factor) in cases {
      let line = calibration.line(at: scale)
      #expect(abs(line.floor - floor) < 1e-15 && abs(line.factor - factor) < 1e-15, "\(scale)")
    }
    #expect(SpreadCalibration("3:0.01,2")?.line(at: 2) == .init(floor: 0.01, factor: 2))
  }

  @Test(arguments: [
    "", "2", "2:", "2:0.1", "2:0.1,5,6", "2:0.1,5;", "0.5:0.1,5", "2:-0.1,5", "2:0.1,-5",
    "4:0.1,5;2:0.1,5", "2:0.1,5;2:0.1,5", "2:nan,5", "2:0.1,inf", "2:0x1,5", "2: 0.1,5", "2,0.1:5",
  ])
  func whatIsNoCalibrationIsRefused(_ text: String) {
    #expect(SpreadCalibration(text) == nil)
    #expect(throws: NetworkFault.self) { try MetadataKey.uncertainty.check(text) }
  }
}
