/// One operand of a convolution; several of them stand for their concatenation along channels.
public struct ConvolutionInput {
  /// The rows that are read.
  ///
  /// For a 1x1x1 convolution those of the region, in one plane. For a 3x3x3 convolution three planes,
  /// each from the row before the region to the row behind it.
  public var table: RowTable
  /// Channels that are multiplied; the packed weights hold as many rows for this operand.
  public var channels: Int

  /// Makes the value from its parts.
  public init(table: RowTable, channels: Int) {
    self.table = table
    self.channels = channels
  }
}

/// What is added to the result of a convolution after bias and ReLU.
public struct ConvolutionResidual {
  /// The rows of the region, in one plane.
  public var table: RowTable
  /// The operand has one channel, which is added to every output channel (ResCNN's last layer).
  ///
  /// Padding channels receive it too; whoever reads the map multiplies only its real channels.
  public var isBroadcast: Bool

  /// Makes the value from its parts.
  public init(table: RowTable, isBroadcast: Bool) {
    self.table = table
    self.isBroadcast = isBroadcast
  }
}

/// Where a convolution writes: only voxels of the region.
public struct ConvolutionOutput {
  /// The address of channel 0 of the first voxel of each row.
  public var rows: UnsafePointer<UnsafeMutablePointer<Float>>
  /// Floats from a voxel to its neighbour along i.
  public var voxelStride: Int
  /// Channels written, a multiple of ``FeatureLayout/channelGranule``.
  public var channels: Int

  /// Makes the value from its parts.
  public init(
    rows: UnsafePointer<UnsafeMutablePointer<Float>>, voxelStride: Int, channels: Int
  ) {
    self.rows = rows
    self.voxelStride = voxelStride
    self.channels = channels
  }
}

/// A part of one convolution layer: `rowCount` rows of one plane, `width` voxels of each.
///
///     out[c] = post(bias[c] + sum over input, tap, channel of w * in) + residual[c]
///
/// `post` is ReLU where `rectified`, else the identity. The sum runs bias first, then inputs in
/// order, within an input tap by tap (k, then j, then i fastest), within a tap channel by channel,
/// each step one fused multiply-add (multiply and add where the set has no FMA). The order does
/// not depend on the region, so any split of a layer gives the same bytes.
///
/// `KernelTable.convolve1x1x1Pairs` rounds the inputs and multiplies them in bfloat16: a step is a pair
/// of channels of one input, whose products are added one after the other; the instruction for pairs
/// may add them in an order of its own.
///
/// The output may be one of the inputs (or the residual) only for a 1x1x1 convolution: all
/// channels of a voxel are computed before any of them is stored.
public struct ConvolutionArguments {
  /// The operands, in the order of the concatenation.
  public var inputs: UnsafePointer<ConvolutionInput>
  /// How many operands there are.
  public var inputCount: Int
  /// Packed by `PackedLayout`: for each panel `[input][tap][channel][width of the panel]`; for pairs
  /// `[input][pair of channels][width of the panel]` (``BFloat16``), the last pair of an odd number of
  /// channels with a zero.
  public var weights: UnsafePointer<Float>
  /// `output.channels` values; zero for padding channels.
  public var bias: UnsafePointer<Float>
  /// Where the result goes.
  public var output: ConvolutionOutput
  /// What is added after ReLU, if anything.
  public var residual: ConvolutionResidual?
  /// Whether ReLU is applied.
  public var rectified: Bool
  /// Voxels per row (axis i).
  public var width: Int
  /// Rows (axis j) to compute.
  public var rowCount: Int
  /// As many floats as the kernel's entry in `KernelTable` for scratch says, 64-byte aligned, owned by
  /// the calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    inputs: UnsafePointer<ConvolutionInput>, inputCount: Int, weights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, output: ConvolutionOutput, residual: ConvolutionResidual?,
    rectified: Bool, width: Int, rowCount: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    self.inputs = inputs
    self.inputCount = inputCount
    self.weights = weights
    self.bias = bias
    self.output = output
    self.residual = residual
    self.rectified = rectified
    self.width = width
    self.rowCount = rowCount
    self.scratch = scratch
  }
}
