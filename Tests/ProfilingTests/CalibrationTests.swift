import Testing

@testable import Profiling

@Suite struct CalibrationTests {
  /// Times made from costs give the costs back.
  @Test(arguments: [(0.85, 66.0, 0.94), (0.75, 50.0, 0.9), (0.5, 10.0, 0.97)])
  func costsAreSolvedFromTheTimesThatTheyMake(product: Double, transform: Double, direct: Double) {
    let layers = ConvolutionCalibration.widths.map { channels in
      let square = Double(channels * channels)
      return ConvolutionCalibration.Layer(
        channels: channels, direct: 27 * square / direct,
        winograd: 27.0 / 8 * square / product + transform * 2 * Double(channels),
        winogradPairs: 27.0 / 16 * square / product + transform * Double(channels))
    }
    let calibration = ConvolutionCalibration(peak: 1e11, layers: layers)
    #expect(abs(calibration.winograd.productShare - product) < 1e-9)
    #expect(abs(calibration.winograd.transform - transform) < 1e-6)
    #expect(abs(calibration.winogradPairs.productShare - 2 * product) < 1e-9)
    #expect(abs(calibration.winogradPairs.transform - transform / 2) < 1e-6)
    #expect(abs(calibration.directShare - direct) < 1e-9)
  }
}
