import Volumes

/// All choices for one volume on one machine: blocks, tiles, memory, and what it will cost.
///
/// Nothing in it but the places and the blur changes a result: any division gives the same bytes.
public struct UpsamplePlan: Sendable {
  /// Voxels of the input along i, j, k.
  public let inputSize: SIMD3<Int>
  /// Where the output voxels lie.
  public let sampling: Sampling
  /// What the network makes of the input's blur.
  public let blur: BlurUse
  /// Parts along i, j, k of the input, as far as the target meets it, that are encoded one after
  /// another.
  public let blockCounts: SIMD3<Int>
  /// LR voxels around a block that its result depends on.
  public let halo: Int
  /// LR rows that every layer makes at a time; nil: whole planes.
  public let rowsPerStep: Int?
  /// Query points decoded together.
  public let tile: Int
  /// Output planes that are made before they are handed on together.
  public let windowPlanes: Int
  /// Bytes that the job needs at its peak, the input's voxels included.
  public let peakBytes: Int
  /// Multiply-accumulates of the encoder and of the decoder's first layers, margins of blocks
  /// included.
  public let encoder: EncoderOperations
  /// Multiply-accumulates of the decoder's other layers.
  public let decoderOperations: Int

  /// What the network sees of the input.
  let continuation: ContinuedInput
  /// Blocks in the order in which they are encoded.
  let layers: [BlockLayer]
  /// Along i, j, k of the continued input; nil for a grid that is not parallel to the input.
  let axes: [AxisTable]?

  /// Output voxels along the output's own axes.
  public var outputSize: SIMD3<Int> { sampling.outputSize }
}
