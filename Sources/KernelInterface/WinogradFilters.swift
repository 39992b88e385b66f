/// The filters of a 3x3x3 layer at the points of Winograd's algorithm, and how they are packed.
///
/// Layout `[frequency][panel][input channel][width of the panel]`, 216 frequencies `[k][j][i]`;
/// panels by a ``PackedLayout``, padding outputs zero.
public struct WinogradFilters: Sendable {
  /// The most operands of a layer.
  @inlinable public static var mostInputs: Int { 32 }

  /// The kernel's panels.
  public var layout: PackedLayout
  /// Channels of all operands together, not padded.
  public var inputs: Int
  /// Outputs, not padded.
  public var outputs: Int

  /// Describes a layer.
  public init(layout: PackedLayout, inputs: Int, outputs: Int) {
    self.layout = layout
    self.inputs = inputs
    self.outputs = outputs
  }

  private var paddedOutputs: Int { FeatureLayout.paddedChannels(outputs) }

  /// Floats of the packed filters.
  public var count: Int { WinogradPoints.frequencies * inputs * paddedOutputs }

  /// Parts into which ``pack(_:part:into:)`` divides the work.
  public var parts: Int { paddedOutputs / FeatureLayout.channelGranule }

  /// Transforms and packs the filters of 16 outputs, in double precision with one rounding.
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
    let frequencies = WinogradPoints.frequencies
    withUnsafeTemporaryAllocation(of: Double.self, capacity: lanes * frequencies) { values in
      values.initialize(repeating: 0)
      guard let first = values.baseAddress else { return }
      for input in 0..<inputs {
        for lane in 0..<lanes where lanes * part + lane < outputs {
          Self.transform(filters(lanes * part + lane, input), into: first + lane * frequencies)
        }
        for frequency in 0..<frequencies {
          let matrix = packed + frequency * inputs * paddedOutputs
          var lane = 0
          while lane < lanes {
            let channel = lanes * part + lane
            let place = place(ofOutput: channel)
            let row = matrix + place.panel * inputs + input * place.width + channel - place.panel
            let count = min(lanes - lane, place.panel + place.width - channel)
            for index in 0..<count {
              row[index] = Float(first[(lane + index) * frequencies + frequency])
            }
            lane += count
          }
        }
      }
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
  private static func atPoints(
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
