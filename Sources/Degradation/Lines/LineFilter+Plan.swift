import Volumes

extension LineFilter {
  /// The filter of one axis of a plan; nil where nothing happens.
  ///
  /// Blur, cut and sampling of an axis are one pass, because operators along different axes may
  /// change places.
  init?(_ request: DegradationRequest, _ axis: AxisDegradation) {
    guard axis.sigma > 0 || axis.isSampled else { return nil }
    self.init(length: axis.inputSize)
    if axis.sigma > 0 { append(.taps(.gaussian(sigma: axis.sigma, length: axis.inputSize))) }
    guard axis.isSampled else { return }
    if axis.usedSize < axis.inputSize { append(.crop(length: axis.usedSize)) }
    switch request.method {
    case .cubic, .corner, .quadratic, .exact, .origin, .psf:
      appendSpline(request, axis)
    case .kspace:
      append(
        .spectrum(
          SpectrumResize(
            inputLength: axis.usedSize, outputLength: axis.outputSize,
            isCentred: request.keepsFieldOfView)))
    case .block:
      append(.taps(.blockMeans(of: Int(axis.factor), length: axis.usedSize)))
    case .area:
      append(.taps(.areaMeans(count: axis.outputSize, length: axis.usedSize)))
    case .kspaceBox:
      return nil
    }
  }

  private mutating func appendSpline(_ request: DegradationRequest, _ axis: AxisDegradation) {
    let spline = request.spline
    if spline.needsPrefilter {
      append(.coefficients(order: spline.order, edge: spline.edge))
    }
    var positions = axis.positions(request.method)
    if request.method == .corner || request.method == .quadratic, !spline.isStrict {
      // Rounding puts the last sample of some pairs of sizes a little behind the last centre.
      positions = positions.map { min($0, Double(axis.usedSize - 1)) }
    }
    append(.taps(.spline(spline, positions: positions, length: axis.usedSize)))
  }
}
