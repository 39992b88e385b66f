/// One HR row (fixed k and j) of a group.
public struct DecodedRow: BitwiseCopyable {
  /// Four LR rows (k0 j0, k0 j1, k1 j0, k1 j1) of pre-activations, `[i][2 * hidden]`:
  /// `hidden` values for stage one, then `hidden` for stage two.
  public var sources:
    (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
    )
  /// The weights of the four LR rows, in the same order.
  public var sourceWeights: (Float, Float, Float, Float)
  /// `2 * hidden` values: biases, condition and the coordinates along k and j.
  public var constants: UnsafePointer<Float>
  /// One intensity per point of the row.
  public var output: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    sources: (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
    ),
    sourceWeights: (Float, Float, Float, Float), constants: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    self.sources = sources
    self.sourceWeights = sourceWeights
    self.constants = constants
    self.output = output
  }
}

/// Decodes a group of HR rows of a grid that is parallel to the LR grid.
///
/// Both first layers were applied to the features at LR resolution ("pre-activations", without
/// bias and coordinates): interpolation is linear, so `W I(f) = I(W f)`. Per row and point x:
///
///     blended[i] = ((w0 r0[i] + w1 r1[i]) + w2 r2[i]) + w3 r3[i]          once per row
///     p  = constants + coordinate[x] column + weight0[x] blended[tap0[x]]
///          + weight1[x] blended[tap1[x]]                                   2 hidden values
///     h  = stage-one layers of relu(p[0..<hidden])
///     y  = relu(p[hidden...] + W h), then the remaining layers, then the output layer
///
/// Every `+` of a product is one fused multiply-add in the order written. So neither the group nor
/// the tile changes a result; rows that lie between the same LR rows are faster in one group, which
/// reads those once, and whose neighbouring points leave the same units at zero.
public struct RowDecoderArguments {
  /// The group.
  public var rows: UnsafePointer<DecodedRow>
  /// Rows of the group, at least 1.
  public var rowCount: Int
  /// LR voxels of a row.
  public var rowLength: Int
  /// Width of the pre-activations of one stage, a multiple of ``FeatureLayout/channelGranule``.
  public var hidden: Int
  /// `2 * hidden` values: the weights of the coordinate along i.
  public var coordinateColumn: UnsafePointer<Float>
  /// Per point: the coordinate along i.
  public var coordinates: UnsafePointer<Float>
  /// Per point: the LR voxel before it in the row.
  public var tap0: UnsafePointer<Int32>
  /// Per point: the LR voxel after it in the row, `tap0` or a direct neighbour of it.
  public var tap1: UnsafePointer<Int32>
  /// Per point: the weight of `tap0`, 0 outside the volume.
  public var weight0: UnsafePointer<Float>
  /// Per point: the weight of `tap1`, 0 outside the volume.
  public var weight1: UnsafePointer<Float>
  /// Points of every row.
  public var count: Int
  /// Stage one from its second layer on, then stage two from its first layer on, whose inputs are
  /// stage one's outputs and whose sums start from the interpolated pre-activation in place of a
  /// bias (its `bias` is not read).
  public var stack: LayerStack
  /// Points decoded together, of all rows (at least one of each).
  public var tile: Int
  /// At least `KernelTable.rowDecoderScratch(...)` floats, 64-byte aligned.
  public var scratch: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    rows: UnsafePointer<DecodedRow>, rowCount: Int, rowLength: Int, hidden: Int,
    coordinateColumn: UnsafePointer<Float>, coordinates: UnsafePointer<Float>,
    tap0: UnsafePointer<Int32>, tap1: UnsafePointer<Int32>, weight0: UnsafePointer<Float>,
    weight1: UnsafePointer<Float>, count: Int, stack: LayerStack, tile: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.rows = rows
    self.rowCount = rowCount
    self.rowLength = rowLength
    self.hidden = hidden
    self.coordinateColumn = coordinateColumn
    self.coordinates = coordinates
    self.tap0 = tap0
    self.tap1 = tap1
    self.weight0 = weight0
    self.weight1 = weight1
    self.count = count
    self.stack = stack
    self.tile = tile
    self.scratch = scratch
  }
}
