/// The filters of a 3x3x3 layer at the points of Winograd's algorithm, and how they are packed.
///
/// Layout `[frequency][panel][input channel][width of the panel]`, 216 frequencies `[k][j][i]`;
/// panels by a ``PackedLayout``, padding outputs zero. In bfloat16 a pair of channels of one operand
/// (``BFloat16``) takes the place of one, the last pair of an odd number with a zero.
public struct WinogradFilters: Sendable {
  /// The most operands of a layer.
  @inlinable public static var mostInputs: Int { 32 }

  /// The kernel's panels.
  public var layout: PackedLayout
  /// How the filters are stored.
  public var precision: Precision
  /// Outputs, not padded.
  public var outputs: Int
  /// The input channel of each value of an output, in the order of the sums; nil: zero.
  private let channels: [Int?]

  /// Describes a layer.
  ///
  /// - Parameters:
  ///   - layout: The kernel's panels.
  ///   - operands: Channels of each operand, not padded.
  ///   - outputs: Outputs, not padded.
  ///   - precision: How the filters are stored.
  public init(layout: PackedLayout, operands: [Int], outputs: Int, precision: Precision) {
    self.layout = layout
    self.outputs = outputs
    self.precision = precision
    var channels: [Int?] = []
    var first = 0
    for count in operands {
      channels += (first..<first + count).map(Optional.some)
      if precision == .bfloat16 && count % 2 == 1 { channels.append(nil) }
      first += count
    }
    self.channels = channels
  }

  /// Describes a layer of one operand in float32.
  public init(layout: PackedLayout, inputs: Int, outputs: Int) {
    self.init(layout: layout, operands: [inputs], outputs: outputs, precision: .float32)
  }

  /// Values in the place of a float.
  private var valuesPerStep: Int { precision == .bfloat16 ? 2 : 1 }
  /// Steps of a sum.
  private var steps: Int { channels.count / valuesPerStep }
  private var paddedOutputs: Int { FeatureLayout.paddedChannels(outputs) }

  /// Floats of the packed filters.
  public var count: Int { WinogradPoints.frequencies * steps * paddedOutputs }

  /// Parts into which ``pack(_:part:into:)`` divides the work.
  public var parts: Int { paddedOutputs / FeatureLayout.channelGranule }

  /// Transforms and packs the filters of 16 outputs, in double precision, rounded to float32 and
  /// where they are stored so from there to bfloat16.
  ///
  /// - Parameters:
  ///   - filters: The taps of an output and an input channel, 27 values `[k][j][i]`.
  ///   - part: Outputs `16 * part` and 15 more.
  ///   - packed: ``count`` floats, of which those of these outputs are written.
  public func pack(
    _ filters: (_ output: Int, _ input: Int) -> UnsafePointer<Float>, part: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let lanes = FeatureLayout.channelGranule
    let perValue = lanes * WinogradPoints.frequencies
    withUnsafeTemporaryAllocation(of: Double.self, capacity: valuesPerStep * perValue) { values in
      values.initialize(repeating: 0)
      guard let first = values.baseAddress else { return }
      for step in 0..<steps {
        for value in 0..<valuesPerStep {
          let target = first + value * perValue
          guard let input = channels[step * valuesPerStep + value] else {
            target.update(repeating: 0, count: perValue)
            continue
          }
          for lane in 0..<lanes where lanes * part + lane < outputs {
            Self.transform(
              filters(lanes * part + lane, input),
              into: target + lane * WinogradPoints.frequencies)
          }
        }
        store(first, step: step, part: part, into: packed)
      }
    }
  }

  /// Stores a step's values, `[value][lane][frequency]`, of 16 outputs.
  private func store(
    _ values: UnsafePointer<Double>, step: Int, part: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let lanes = FeatureLayout.channelGranule
    let frequencies = WinogradPoints.frequencies
    var lane = 0
    while lane < lanes {
      let channel = lanes * part + lane
      let place = place(ofOutput: channel)
      let count = min(lanes - lane, place.panel + place.width - channel)
      let row = packed + place.panel * steps + step * place.width + channel - place.panel
      for frequency in 0..<frequencies {
        let target = row + frequency * steps * paddedOutputs
        for index in 0..<count {
          let value = values + (lane + index) * frequencies + frequency
          target[index] =
            precision == .bfloat16
            ? BFloat16.pair(Float(value[0]), Float(value[lanes * frequencies])) : Float(value[0])
        }
      }
      lane += count
    }
  }

  /// The first output and the width of the panel in which an output lies.
  private func place(ofOutput output: Int) -> (panel: Int, width: Int) {
    var panel = 0
    while true {
      let width = layout.width(ofPanelAt: panel, channels: paddedOutputs)
      if output < panel + width { return (panel, width) }
      panel += width
    }
  }

  /// `G g` along i, then j, then k.
  private static func transform(
    _ taps: UnsafePointer<Float>, into values: UnsafeMutablePointer<Double>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 9 * 6 + 3 * 36) { temporary in
      guard let alongI = temporary.baseAddress else { return }
      let alongJ = alongI + 54
      for line in 0..<9 {
        atPoints(
          Double(taps[3 * line]), Double(taps[3 * line + 1]), Double(taps[3 * line + 2]),
          into: alongI + 6 * line, stride: 1)
      }
      for plane in 0..<3 {
        for i in 0..<6 {
          let line = alongI + 18 * plane + i
          atPoints(line[0], line[6], line[12], into: alongJ + 36 * plane + i, stride: 6)
        }
      }
      for place in 0..<36 {
        let line = alongJ + place
        atPoints(line[0], line[36], line[72], into: values + place, stride: 36)
      }
    }
  }

  /// `(g0 + g1 x + g2 x^2) / N(x)` at the points x of F(4), and `g2` at infinity.
  @inline(__always)
  static func atPoints(
    _ g0: Double, _ g1: Double, _ g2: Double, into values: UnsafeMutablePointer<Double>,
    stride: Int
  ) {
    let p = Double(WinogradPoints.inner)
    let q = Double(WinogradPoints.outer)
    let (p2, q2) = (p * p, q * q)
    values[0] = g0 / (p2 * q2)
    let innerFactor = 1 / (2 * p2 * (p2 - q2))
    values[stride] = (g0 + g1 * p + g2 * p2) * innerFactor
    values[2 * stride] = (g0 - g1 * p + g2 * p2) * innerFactor
    let outerFactor = 1 / (2 * q2 * (q2 - p2))
    values[3 * stride] = (g0 + g1 * q + g2 * q2) * outerFactor
    values[4 * stride] = (g0 - g1 * q + g2 * q2) * outerFactor
    values[5 * stride] = g2
  }
}
