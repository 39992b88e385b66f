/// One operand of a convolution; several of them stand for their concatenation along channels.
///
/// Layout `[k][j][i][c]`, `c` fastest, every stride in floats. For a 3x3x3 convolution the voxels
/// one step outside the region of ``ConvolutionArguments`` are read, so the map carries a halo of
/// one voxel (zeros at the border of the volume).
public struct ConvolutionInput {
  /// Channel 0 of voxel (0, 0, 0).
  public var voxels: UnsafePointer<Float>
  /// Floats from a voxel to its neighbour along i.
  public var voxelStride: Int
  /// Floats from a voxel to its neighbour along j.
  public var rowStride: Int
  /// Floats from a voxel to its neighbour along k.
  public var planeStride: Int
  /// Channels that are multiplied; the packed weights hold as many rows for this operand.
  public var channels: Int

  /// Makes the value from its parts.
  public init(
    voxels: UnsafePointer<Float>, voxelStride: Int, rowStride: Int, planeStride: Int,
    channels: Int
  ) {
    self.voxels = voxels
    self.voxelStride = voxelStride
    self.rowStride = rowStride
    self.planeStride = planeStride
    self.channels = channels
  }
}

/// What is added to the result of a convolution after bias and ReLU.
public struct ConvolutionResidual {
  /// Channel 0 of voxel (0, 0, 0).
  public var voxels: UnsafePointer<Float>
  /// Floats from a voxel to its neighbour along i.
  public var voxelStride: Int
  /// Floats from a voxel to its neighbour along j.
  public var rowStride: Int
  /// Floats from a voxel to its neighbour along k.
  public var planeStride: Int
  /// The operand has one channel, which is added to every output channel (ResCNN's last layer).
  ///
  /// Padding channels receive it too; whoever reads the map multiplies only its real channels.
  public var isBroadcast: Bool

  /// Makes the value from its parts.
  public init(
    voxels: UnsafePointer<Float>, voxelStride: Int, rowStride: Int, planeStride: Int,
    isBroadcast: Bool
  ) {
    self.voxels = voxels
    self.voxelStride = voxelStride
    self.rowStride = rowStride
    self.planeStride = planeStride
    self.isBroadcast = isBroadcast
  }
}

/// Where a convolution writes: only voxels of the region, halo voxels never.
public struct ConvolutionOutput {
  /// Channel 0 of voxel (0, 0, 0).
  public var voxels: UnsafeMutablePointer<Float>
  /// Floats from a voxel to its neighbour along i.
  public var voxelStride: Int
  /// Floats from a voxel to its neighbour along j.
  public var rowStride: Int
  /// Floats from a voxel to its neighbour along k.
  public var planeStride: Int
  /// Channels written, a multiple of ``FeatureLayout/channelGranule``.
  public var channels: Int

  /// Makes the value from its parts.
  public init(
    voxels: UnsafeMutablePointer<Float>, voxelStride: Int, rowStride: Int, planeStride: Int,
    channels: Int
  ) {
    self.voxels = voxels
    self.voxelStride = voxelStride
    self.rowStride = rowStride
    self.planeStride = planeStride
    self.channels = channels
  }
}

/// A part of one convolution layer: rows `rows` of planes `planes`, all `width` voxels of a row.
///
///     out[c] = post(bias[c] + sum over input, tap, channel of w * in) + residual[c]
///
/// `post` is ReLU where `rectified`, else the identity. The sum runs bias first, then inputs in
/// order, within an input tap by tap (k, then j, then i fastest), within a tap channel by channel,
/// each step one fused multiply-add (multiply and add where the set has no FMA). The order does
/// not depend on the region, so any split of a layer gives the same bytes.
///
/// The output may be one of the inputs (or the residual) only for a 1x1x1 convolution: all
/// channels of a voxel are computed before any of them is stored.
public struct ConvolutionArguments {
  /// The operands, in the order of the concatenation.
  public var inputs: UnsafePointer<ConvolutionInput>
  /// How many operands there are.
  public var inputCount: Int
  /// Packed by `PackedLayout`: for each panel `[input][tap][channel][width of the panel]`.
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
  public var rows: Range<Int>
  /// Planes (axis k) to compute.
  public var planes: Range<Int>
  /// At least `KernelTable.convolutionScratch(width:outputChannels:)` floats, 64-byte aligned,
  /// owned by the calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    inputs: UnsafePointer<ConvolutionInput>, inputCount: Int, weights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, output: ConvolutionOutput, residual: ConvolutionResidual?,
    rectified: Bool, width: Int, rows: Range<Int>, planes: Range<Int>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.inputs = inputs
    self.inputCount = inputCount
    self.weights = weights
    self.bias = bias
    self.output = output
    self.residual = residual
    self.rectified = rectified
    self.width = width
    self.rows = rows
    self.planes = planes
    self.scratch = scratch
  }
}
