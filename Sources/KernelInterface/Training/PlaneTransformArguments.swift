/// The tiles of one plane at Winograd's points along i and j in bfloat16, for layers that multiply there
/// and take the taps along k as they are.
///
/// Tiles of 4 x 4 voxels cover the plane from its first voxel on, one row of tiles after the other;
/// what the last ones reach beyond it counts as zero. With inputs d and output gradients e of a tile,
/// the products of a layer are those of `B^T d B`, which reads one voxel around the tile, and the
/// gradient of its filters is made of that and of `A e A^T`: see ``WinogradPoints``.
public struct PlaneTransformArguments {
  /// Inputs: from the row before the plane to the one behind the last tile; gradients: the tiles' rows.
  ///
  /// Rows outside the plane are rows of zeros.
  public var rows: UnsafePointer<UnsafePointer<Float>>
  /// Floats from a voxel to the next; one before and one behind a row are zeros.
  public var voxelStride: Int
  /// Voxels of a row.
  public var width: Int
  /// Rows of tiles.
  public var tileRows: Int
  /// Channels, a multiple of ``FeatureLayout/channelGranule``.
  public var channels: Int
  /// `[point]` every `pointStride` floats: `[tile][pair of channels]`.
  ///
  /// nil: not wanted. There is room for an even number of tiles.
  public var values: UnsafeMutablePointer<Float>?
  /// Floats from a point to the next.
  public var pointStride: Int
  /// `[point]` every `tilePairStride` floats: `[pair of tiles][channel]`; nil: not wanted.
  ///
  /// The last pair of an odd number of tiles holds zeros.
  public var tilePairs: UnsafeMutablePointer<Float>?
  /// Floats from a point to the next.
  public var tilePairStride: Int
  /// At least ``scratchFloats`` floats, owned by the calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Floats of scratch: two tiles between their transforms, for the widest vector.
  public static var scratchFloats: Int { 2 * 36 * FeatureLayout.channelGranule }

  /// Makes the value from its parts.
  public init(
    rows: UnsafePointer<UnsafePointer<Float>>, voxelStride: Int, width: Int, tileRows: Int,
    channels: Int, values: UnsafeMutablePointer<Float>?, pointStride: Int,
    tilePairs: UnsafeMutablePointer<Float>?, tilePairStride: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.rows = rows
    self.voxelStride = voxelStride
    self.width = width
    self.tileRows = tileRows
    self.channels = channels
    self.values = values
    self.pointStride = pointStride
    self.tilePairs = tilePairs
    self.tilePairStride = tilePairStride
    self.scratch = scratch
  }
}
