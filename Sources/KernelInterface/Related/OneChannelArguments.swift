/// A part of a convolution to one channel: `rowCount` rows of one plane, `width` voxels of each.
///
///     out = (sum over input, tap, channel of w * in) + bias + residual
///
/// Partial sum `l` of 16 takes, input by input and tap by tap (k, then j, then i fastest), the channels
/// `l`, `l + 16`, ..., each step one fused multiply-add (multiply and add where the set has no FMA); the
/// partial sums are added 8, 4, 2 and 1 apart, then come bias and residual. The order does not depend on
/// the region, so any split of a layer gives the same bytes.
public struct OneChannelArguments {
  /// The operands, in the order of the concatenation.
  ///
  /// `edge` planes, each from `edge / 2` rows before the region on. Voxels lie a multiple of `FeatureLayout.channelGranule` floats apart, and what lies
  /// behind an operand's channels, up to a whole granule, is finite.
  public var inputs: UnsafePointer<ConvolutionInput>
  /// How many operands there are.
  public var inputCount: Int
  /// Edge of the kernel, odd.
  public var edge: Int
  /// `[input][tap][channel]`, channels padded by zeros to whole granules.
  public var weights: UnsafePointer<Float>
  /// Added to the sum.
  public var bias: Float
  /// The address of the first voxel of each row; voxels are neighbours.
  public var rows: UnsafePointer<UnsafeMutablePointer<Float>>
  /// What is added at last, if anything: the first channel of each voxel.
  public var residual: RowTable?
  /// Voxels per row.
  public var width: Int
  /// Rows to compute.
  public var rowCount: Int

  /// Makes the value from its parts.
  public init(
    inputs: UnsafePointer<ConvolutionInput>, inputCount: Int, edge: Int,
    weights: UnsafePointer<Float>, bias: Float,
    rows: UnsafePointer<UnsafeMutablePointer<Float>>, residual: RowTable?, width: Int,
    rowCount: Int
  ) {
    self.inputs = inputs
    self.inputCount = inputCount
    self.edge = edge
    self.weights = weights
    self.bias = bias
    self.rows = rows
    self.residual = residual
    self.width = width
    self.rowCount = rowCount
  }
}
