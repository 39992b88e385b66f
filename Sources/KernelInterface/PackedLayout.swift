/// How output channels are cut into panels, and where each weight lies in packed form.
///
/// A panel is a run of output channels that one register tile computes. `panelWidth` channels are
/// taken as long as they fit; what is left is covered by ever smaller powers of two of the lanes.
/// Panel by panel, weights lie as `[reduction index][width of the panel]`, where the reduction index
/// runs over `[input][tap][channel]`. So a panel that starts at output channel `c` begins at
/// `c * reduction`, whatever the widths before it.
public struct PackedLayout: Sendable, Equatable {
  /// Floats per vector.
  public var lanes: Int
  /// Output channels of a full panel, a power of two times `lanes`.
  public var panelWidth: Int

  /// Makes the layout of a set.
  public init(lanes: Int, panelWidth: Int) {
    self.lanes = lanes
    self.panelWidth = panelWidth
  }

  /// The width of the panel that begins at `channel` of `channels` (a multiple of `lanes`).
  @inlinable
  public func width(ofPanelAt channel: Int, channels: Int) -> Int {
    var width = panelWidth
    while width > lanes && width > channels - channel { width /= 2 }
    return width
  }

  /// Packs columns of a matrix as pairs of bfloat16.
  ///
  /// As ``pack(_:rowLength:outputs:paddedOutputs:reduction:source:into:)`` with two values of the
  /// reduction in the place of one float.
  ///
  /// - Parameters:
  ///   - weights: `outputs * rowLength` values, row-major.
  ///   - rowLength: Values per output in `weights`.
  ///   - outputs: Rows of `weights`.
  ///   - paddedOutputs: Outputs after padding, a multiple of `FeatureLayout.channelGranule`.
  ///   - pairs: Pairs per output in packed form.
  ///   - source: The index into the row of `weights` of each of `2 * pairs` values in packed order;
  ///     nil: a zero.
  ///   - packed: `paddedOutputs * pairs` floats; padding outputs become zero.
  public func packPairs(
    _ weights: UnsafePointer<Float>, rowLength: Int, outputs: Int, paddedOutputs: Int, pairs: Int,
    source: (Int) -> Int?, into packed: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < paddedOutputs {
      let width = width(ofPanelAt: channel, channels: paddedOutputs)
      let panel = packed + channel * pairs
      for pair in 0..<pairs {
        let columns = (source(2 * pair), source(2 * pair + 1))
        for lane in 0..<width {
          let output = channel + lane
          func weight(_ column: Int?) -> Float {
            guard let column, output < outputs else { return 0 }
            return weights[output * rowLength + column]
          }
          panel[pair * width + lane] = BFloat16.pair(weight(columns.0), weight(columns.1))
        }
      }
      channel += width
    }
  }

  /// Packs columns of a row-major matrix `[outputs][rowLength]` into `packed`.
  ///
  /// - Parameters:
  ///   - weights: `outputs * rowLength` values.
  ///   - rowLength: Values per output in `weights`; at least `reduction`.
  ///   - outputs: Rows of `weights`.
  ///   - paddedOutputs: Outputs after padding, a multiple of `FeatureLayout.channelGranule`.
  ///   - reduction: Values per output in packed form.
  ///   - source: The index into the row of `weights` of each reduction index in packed order.
  ///   - packed: `paddedOutputs * reduction` floats; padding outputs become zero.
  public func pack(
    _ weights: UnsafePointer<Float>, rowLength: Int, outputs: Int, paddedOutputs: Int,
    reduction: Int, source: (Int) -> Int, into packed: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < paddedOutputs {
      let width = width(ofPanelAt: channel, channels: paddedOutputs)
      let panel = packed + channel * reduction
      for index in 0..<reduction {
        let column = source(index)
        for lane in 0..<width {
          let output = channel + lane
          panel[index * width + lane] =
            output < outputs ? weights[output * rowLength + column] : 0
        }
      }
      channel += width
    }
  }
}
