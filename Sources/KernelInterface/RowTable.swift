/// Rows of one map, each by the address of channel 0 of its first voxel; `[plane][row]`.
///
/// Planes and rows of a map may lie anywhere: in a ring of planes that is written again and again,
/// or, outside the volume, all in one row of zeros. Within a row voxels lie `voxelStride` floats apart,
/// and one voxel before and one behind the row may be read.
public struct RowTable {
  /// `planes * rowsPerPlane` addresses.
  public var rows: UnsafePointer<UnsafePointer<Float>>
  /// Addresses from a plane to the next.
  public var rowsPerPlane: Int
  /// Floats from a voxel to its neighbour along i.
  public var voxelStride: Int

  /// Makes the value from its parts.
  public init(
    rows: UnsafePointer<UnsafePointer<Float>>, rowsPerPlane: Int, voxelStride: Int
  ) {
    self.rows = rows
    self.rowsPerPlane = rowsPerPlane
    self.voxelStride = voxelStride
  }

  /// The address of a row.
  @inlinable
  public func row(plane: Int, row: Int) -> UnsafePointer<Float> {
    rows[plane * rowsPerPlane + row]
  }
}
