import Volumes

/// What one pass does to every line of an axis: operators one after the other.
struct LineFilter: Sendable {
  enum Step: Sendable {
    case taps(TapTable)
    case coefficients(order: Int, edge: SplineEdge)
    case crop(length: Int)
    case spectrum(SpectrumResize)
  }

  let inputLength: Int
  private(set) var outputLength: Int
  private(set) var steps: [Step] = []
  /// Samples of room for the line and everything made of it.
  private(set) var scratchLength: Int

  init(length: Int) {
    inputLength = length
    outputLength = length
    scratchLength = length
  }

  /// Adds an operator behind the others.
  mutating func append(_ step: Step) {
    steps.append(step)
    switch step {
    case .taps(let table): outputLength = table.outputLength
    case .spectrum(let resize): outputLength = resize.outputLength
    case .crop(let length): outputLength = length
    case .coefficients: break
    }
    scratchLength += outputLength
  }

  /// The lengths of the Fourier transforms that it needs, if it does.
  var spectrum: SpectrumResize? {
    for case .spectrum(let resize) in steps { return resize }
    return nil
  }

  /// Filters eight lines; returns where in `scratch` the result begins.
  func apply(to scratch: LinePass.Line, workspace: SpectrumWorkspace?) -> Int {
    guard let base = scratch.baseAddress else { return 0 }
    var start = 0
    var length = inputLength
    for step in steps {
      let line = base + start
      switch step {
      case .coefficients(let order, let edge):
        BSplinePrefilter.filter(
          LinePass.Line(start: line, count: length), pole: BSplinePrefilter.pole(order: order),
          edge: edge)
      case .crop(let newLength):
        length = newLength
      case .taps(let table):
        table.apply(to: line, into: line + length)
        start += length
        length = table.outputLength
      case .spectrum(let resize):
        guard let workspace else { preconditionFailure("no workspace for a spectrum") }
        resize.apply(to: line, into: line + length, workspace: workspace)
        start += length
        length = resize.outputLength
      }
    }
    return start
  }
}
