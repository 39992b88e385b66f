/// A part of one 3x3x3 layer by Winograd's algorithm: some tiles of the volume's grid, all with the
/// same tile along k.
///
/// The result is that of `ConvolutionArguments`, up to rounding. Along each axis a tile of m = 4 or 2
/// outputs is `A^T ((G g) * (B^T d))` with the m + 2 points of ``WinogradPoints``; the three axes one
/// after the other. All tiles that a call computes are whole, and each is computed from its inputs
/// alone, in a fixed order; so any division of a layer into calls gives the same bytes.
///
/// `KernelTable.convolveWinogradPairs` rounds `B^T d`, when all three axes are done, and multiplies it
/// in bfloat16: a step is a pair of channels of one input, as in `ConvolutionArguments`.
///
/// Rows begin at the first voxel of the first tile along i. A row of an input may be read from the
/// voxel before the volume (or before the tiles) to the one behind it; rows outside the volume are
/// rows of zeros. The output may be none of the inputs; it may be the residual.
public struct WinogradArguments {
  /// The operands, in the order of the concatenation.
  ///
  /// Planes from `tileK.start - 1` to
  /// `tileK.start + tileK.length`, rows from the one before the first tile's `start` to the one behind
  /// the last voxel that the last tile computes. `voxelStride` of each is at least its channels
  /// padded to `FeatureLayout.channelGranule`.
  public var inputs: UnsafePointer<ConvolutionInput>
  /// How many operands there are, at most `WinogradFilters.mostInputs`.
  public var inputCount: Int
  /// From ``WinogradFilters``, of the kernel's precision.
  public var filters: UnsafePointer<Float>
  /// `output.channels` values; zero for padding channels.
  public var bias: UnsafePointer<Float>
  /// Where the result goes: the rows that the tiles store, `[plane][row]`.
  public var output: ConvolutionOutput
  /// What is added after ReLU, if anything: the same rows.
  public var residual: ConvolutionResidual?
  /// Whether ReLU is applied.
  public var rectified: Bool
  /// The volume's grid along i and j.
  public var axes: (i: TileAxis, j: TileAxis)
  /// Tiles along i to compute.
  public var tilesI: Range<Int>
  /// Tiles along j to compute.
  public var tilesJ: Range<Int>
  /// The tile along k.
  public var tileK: WinogradTile
  /// As many floats as the kernel's entry in `KernelTable` for scratch says, 64-byte aligned, owned by
  /// the calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    inputs: UnsafePointer<ConvolutionInput>, inputCount: Int, filters: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, output: ConvolutionOutput, residual: ConvolutionResidual?,
    rectified: Bool, axes: (i: TileAxis, j: TileAxis), tilesI: Range<Int>, tilesJ: Range<Int>,
    tileK: WinogradTile, scratch: UnsafeMutablePointer<Float>
  ) {
    self.inputs = inputs
    self.inputCount = inputCount
    self.filters = filters
    self.bias = bias
    self.output = output
    self.residual = residual
    self.rectified = rectified
    self.axes = axes
    self.tilesI = tilesI
    self.tilesJ = tilesJ
    self.tileK = tileK
    self.scratch = scratch
  }
}
