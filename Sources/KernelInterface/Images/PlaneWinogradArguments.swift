/// A 3x3 convolution of images, stride 1 and zeros around them, by Winograd's algorithm F(4x4, 3x3).
///
///     out[c] = post(bias[c] + sum over tap and channel of w * in)
///
/// Outputs come in tiles of 4 x 4 from the rows' first voxel on. Each is computed from its inputs
/// alone, in a fixed order, so results do not depend on how many rows of tiles a call has; those may
/// belong to several images.
public struct PlaneWinogradArguments {
  /// A plane per row of tiles, with the six rows that it reads: from the one before its first to the one
  /// behind its last.
  ///
  /// Of each row voxels -1 to `4 * tilesPerRow` are read, those outside the image zeros. Channels and
  /// voxel stride are multiples of ``FeatureLayout/channelGranule``.
  public var input: ConvolutionInput
  /// From ``PlaneWinogradFilters``.
  public var filters: UnsafePointer<Float>
  /// `output.channels` values.
  public var bias: UnsafePointer<Float>
  /// `4 * tileRows` rows, of which `width` voxels are written; a row that nobody wants may be any
  /// memory of that size.
  public var output: ConvolutionOutput
  /// Whether ReLU is applied.
  public var rectified: Bool
  /// Voxels of a row.
  public var width: Int
  /// Rows of tiles.
  public var tileRows: Int
  /// At least ``scratchFloats(inputChannels:outputChannels:)`` floats, 64-byte aligned, owned by the
  /// calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Tiles along a row.
  @inlinable public var tilesPerRow: Int { (width + 3) / 4 }

  /// Values of a tile at the points.
  @inlinable public static var frequencies: Int { WinogradPoints.count * WinogradPoints.count }

  /// Tiles that go through transforms and products together.
  ///
  /// They share one pass over the filters, which for 512 channels are 38 MB; for few channels their
  /// values and products stay in L2.
  @inlinable
  public static func tilesPerBlock(inputChannels: Int, outputChannels: Int) -> Int {
    inputChannels + outputChannels <= 128 ? 48 : 96
  }

  /// Floats between two frequencies beyond their values: keeps them out of each other's cache sets.
  @inlinable public static var padding: Int { 16 }

  /// Floats of scratch of every instruction set.
  @inlinable
  public static func scratchFloats(inputChannels: Int, outputChannels: Int) -> Int {
    let tiles = tilesPerBlock(inputChannels: inputChannels, outputChannels: outputChannels)
    let transformed = tiles * (inputChannels + outputChannels) + 2 * padding
    return frequencies * transformed + (2 * frequencies + 8) * FeatureLayout.channelGranule
  }

  /// Makes the value from its parts.
  public init(
    input: ConvolutionInput, filters: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    output: ConvolutionOutput, rectified: Bool, width: Int, tileRows: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.input = input
    self.filters = filters
    self.bias = bias
    self.output = output
    self.rectified = rectified
    self.width = width
    self.tileRows = tileRows
    self.scratch = scratch
  }
}

/// The filters of a 3x3 layer at the points of Winograd's algorithm.
///
/// Layout `[frequency][panel][input channel][width of the panel]`, 36 frequencies `[j][i]`.
public struct PlaneWinogradFilters: Sendable {
  /// The kernel's panels.
  public var layout: PackedLayout
  /// Input channels.
  public var inputs: Int
  /// Outputs, a multiple of ``FeatureLayout/channelGranule``.
  public var outputs: Int

  /// Describes a layer.
  public init(layout: PackedLayout, inputs: Int, outputs: Int) {
    self.layout = layout
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Floats of the packed filters.
  public var count: Int { PlaneWinogradArguments.frequencies * inputs * outputs }

  /// Transforms and packs the filters of one panel, in double precision with one rounding.
  ///
  /// - Parameters:
  ///   - weights: `[output][input][3][3]`.
  ///   - channel: The first output of a panel.
  ///   - packed: ``count`` floats, of which those of the panel are written.
  /// - Returns: The width of the panel.
  public func pack(
    _ weights: UnsafePointer<Float>, panelAt channel: Int,
    into packed: UnsafeMutablePointer<Float>
  ) -> Int {
    let width = layout.width(ofPanelAt: channel, channels: outputs)
    let frequencies = PlaneWinogradArguments.frequencies
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 18 + frequencies) { room in
      room.initialize(repeating: 0)
      guard let rows = room.baseAddress else { return }
      let values = rows + 18
      for lane in 0..<width {
        for input in 0..<inputs {
          let taps = weights + ((channel + lane) * inputs + input) * 9
          for row in 0..<3 {
            WinogradFilters.atPoints(
              Double(taps[3 * row]), Double(taps[3 * row + 1]), Double(taps[3 * row + 2]),
              into: rows + 6 * row, stride: 1)
          }
          for point in 0..<6 {
            WinogradFilters.atPoints(
              rows[point], rows[6 + point], rows[12 + point], into: values + point, stride: 6)
          }
          for frequency in 0..<frequencies {
            packed[(frequency * outputs + channel) * inputs + input * width + lane] =
              Float(values[frequency])
          }
        }
      }
    }
    return width
  }
}
