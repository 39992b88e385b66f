import Volumes

/// All choices for one volume and a related network; nothing in it but the places changes a result.
public struct RelatedPlan: Sendable {
  /// Voxels of the input along i, j, k.
  public let inputSize: SIMD3<Int>
  /// Where the output voxels lie.
  public let sampling: Sampling
  /// Parts along i, j, k of the grid that the network runs on.
  public let blockCounts: SIMD3<Int>
  /// Voxels of that grid around a block that its result depends on.
  public let halo: Int
  /// Rows of that grid that every layer makes at a time; nil: whole planes.
  public let rowsPerStep: Int?
  /// Output planes that are made before they are handed on together.
  public let windowPlanes: Int
  /// Bytes that the job needs at its peak, the input's voxels included.
  public let peakBytes: Int
  /// Multiply-accumulates of the network, margins of blocks included.
  public let operations: EncoderOperations

  /// Voxels of the grid that the network runs on, with what continues it.
  let volume: SIMD3<Int>
  let cells: CellMap
  /// Voxels along each axis of tiles that are computed each by itself; nil: blocks of one volume.
  let separateTile: Int?
  /// Blocks in the order in which they are computed.
  let layers: [BlockLayer]
  /// Along i, j, k: which LR cell an output lies in.
  let axes: [AxisTable]

  /// The output voxels along an axis that some cells of a block make.
  func outputs(_ cells: Range<Int>, of block: Block, axis: Int) -> Range<Int> {
    let first = block.origin[axis] * self.cells.factor
    let own = self.cells.outputs(cells)
    return first + own.lowerBound..<first + own.upperBound
  }

  /// Output voxels along the output's own axes.
  public var outputSize: SIMD3<Int> { sampling.outputSize }
}
