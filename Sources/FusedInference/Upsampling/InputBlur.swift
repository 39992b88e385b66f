import Networks
import Volumes
import Workers

/// How an input is blurred: full width at half maximum over spacing, 0 for point samples.
public enum InputBlur: Sendable, Equatable, CustomStringConvertible {
  /// The same along all axes that become finer; the others are not blurred.
  case uniform(Double)
  /// Along i, j, k, whatever becomes finer.
  case perAxis(SIMD3<Double>)
  /// Blur that the caller has divided out already; the network is told of the largest.
  case removed(Double)

  /// The numbers, as options take them.
  public var description: String { widths.map { "\($0)" }.joined(separator: ",") }

  /// The numbers: one, or one per axis.
  fileprivate var widths: [Double] {
    switch self {
    case .uniform(let width), .removed(let width): [width]
    case .perAxis(let widths): [widths.x, widths.y, widths.z]
    }
  }
}

/// What a network makes of its input's blur.
public struct BlurUse: Sendable, Equatable {
  /// FWHM over spacing along i, j, k that is divided out of the input; 0: the axis stays.
  public let divided: SIMD3<Double>
  /// What the decoder is told.
  public let told: Double
  /// How it is divided out.
  let deconvolution: Deconvolution

  /// Whether the network works on another volume than the input.
  var dividesOut: Bool { divided != .zero }

  /// The volume that the network works on.
  func dividedOut(of voxels: consuming [Float], size: SIMD3<Int>, pool: WorkerPool) -> [Float] {
    if dividesOut { deconvolution.apply(to: &voxels, size: size, widths: divided, pool: pool) }
    return voxels
  }
}

extension Upsampler {
  /// What becomes of a blur.
  ///
  /// - Parameters:
  ///   - given: How the input is blurred; nil for the network's default.
  ///   - sampling: Where the output voxels lie; it tells which axes become finer.
  /// - Returns: What is divided out and what the decoder is told.
  /// - Throws: ``InferenceError/conditionNotTaken(_:)`` if one is given to a network that knows nothing
  ///   of blur, ``InferenceError/blurOfEachAxisNotTaken(_:)`` if unlike ones are given to a network
  ///   that is told one, ``InferenceError/blurOutOfRange(_:)`` if a width is none that can be undone.
  func use(
    of given: InputBlur?, sampling: Sampling
  ) throws(InferenceError) -> BlurUse {
    let condition = network.variants.condition
    guard let standard = condition.defaultBlur else {
      if let given { throw .conditionNotTaken(given) }
      return BlurUse(divided: .zero, told: 0, deconvolution: Deconvolution(lambda: 0))
    }
    let blur = given ?? .uniform(standard)
    guard blur.widths.allSatisfy(Deconvolution.widths.contains) else {
      throw .blurOutOfRange(blur)
    }
    guard case .deconvolution(let lambda, _) = condition else {
      return BlurUse(
        divided: .zero, told: try Self.single(blur), deconvolution: Deconvolution(lambda: 0))
    }
    let divided: SIMD3<Double>
    switch blur {
    case .uniform(let width): divided = SIMD3(sampling.finerAxes.map { $0 ? width : 0 })
    case .perAxis(let widths): divided = widths
    case .removed(let width):
      return BlurUse(divided: .zero, told: width, deconvolution: Deconvolution(lambda: lambda))
    }
    return BlurUse(
      divided: divided, told: divided.max(), deconvolution: Deconvolution(lambda: lambda))
  }

  private static func single(_ blur: InputBlur) throws(InferenceError) -> Double {
    switch blur {
    case .uniform(let width), .removed(let width): return width
    case .perAxis(let widths):
      guard widths == SIMD3(repeating: widths.x) else { throw .blurOfEachAxisNotTaken(blur) }
      return widths.x
    }
  }
}

extension Sampling {
  /// Axes along which output voxels lie closer than input voxels; all, where the two grids are turned
  /// against each other.
  fileprivate var finerAxes: [Bool] {
    let steps: [Double?]
    switch self {
    case .separable(let sampling):
      steps = sampling.axes.map { $0.positions.count > 1 ? $0.step : nil }
    case .general(let sampling):
      guard let along = sampling.stepsAlongInputAxes else { return [true, true, true] }
      steps = along
    }
    // What rounding in headers leaves of the input's own spacing is not finer.
    return steps.map { step in step.map { $0 < 1 - Self.sameStep } ?? false }
  }
}

extension GeneralSampling {
  /// Steps across an input axis, as a share of the one along it, up to which grids are not turned
  /// against each other.
  ///
  /// A float32 quaternion near a half turn is wrong by a thousandth, and slices three times as
  /// thick as they are wide triple that.
  private static let turnByRounding = 1e-2

  /// The steps of the output along the input axes, nil of an axis with a single sample; nil
  /// altogether where the grids are turned against each other.
  fileprivate var stepsAlongInputAxes: [Double?]? {
    var steps: [Double?] = [nil, nil, nil]
    var inputAxes: Set<Int> = []
    for axis in 0..<3 {
      let lengths = (0..<3).map { abs(matrix.columns[axis][$0]) }
      guard let along = lengths.indices.max(by: { lengths[$0] < lengths[$1] }) else { return nil }
      for across in lengths.indices where across != along {
        if lengths[across] > Self.turnByRounding * lengths[along] { return nil }
      }
      inputAxes.insert(along)
      if outputSize[axis] > 1 { steps[along] = lengths[along] }
    }
    return inputAxes.count == 3 ? steps : nil
  }
}
