/// One tile of a map at Winograd's points, for the gradient of filters.
///
/// With inputs d and output gradients e of a tile of 4 voxels per axis, the gradient of a filter is
/// `G^T ((B^T d) * (A e))`, along each of three axes. `B^T d` reads 6 voxels per axis, one before the
/// tile and one behind; `A e` reads the 4 of the tile.
public struct TileTransformArguments {
  /// `[plane][row]`, 36 rows or 16; rows outside the volume are rows of zeros.
  public var rows: UnsafePointer<UnsafePointer<Float>>
  /// Floats from a voxel to the next.
  public var voxelStride: Int
  /// The first voxel that is read of a row; voxels outside 0..<width count as zero.
  public var column: Int
  /// Voxels of a row.
  public var width: Int
  /// Channels, a multiple of ``FeatureLayout/channelGranule``.
  public var channels: Int
  /// `[frequency]` every `frequencyStride` floats: `channels` numbers.
  public var values: UnsafeMutablePointer<Float>
  /// Floats from a frequency to the next.
  public var frequencyStride: Int
  /// At least ``scratchFloats`` floats, owned by the calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Floats of scratch: a tile between its transforms along two axes, for the widest vector.
  public static var scratchFloats: Int { 2 * 216 * FeatureLayout.channelGranule }

  /// Makes the value from its parts.
  public init(
    rows: UnsafePointer<UnsafePointer<Float>>, voxelStride: Int, column: Int, width: Int,
    channels: Int, values: UnsafeMutablePointer<Float>, frequencyStride: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.rows = rows
    self.voxelStride = voxelStride
    self.column = column
    self.width = width
    self.channels = channels
    self.values = values
    self.frequencyStride = frequencyStride
    self.scratch = scratch
  }
}

/// From filter gradients at Winograd's points to those of the taps, for one input channel.
public struct FilterGradientArguments {
  /// `[frequency]` every `frequencyStride` floats: `outputs` numbers.
  public var values: UnsafePointer<Float>
  /// Floats from a frequency to the next.
  public var frequencyStride: Int
  /// Outputs, a multiple of ``FeatureLayout/channelGranule``.
  public var outputs: Int
  /// `[tap]` every `tapStride` floats: `outputs` numbers, which are added to.
  public var gradient: UnsafeMutablePointer<Float>
  /// Floats from a tap to the next.
  public var tapStride: Int
  /// At least `TileTransformArguments.scratchFloats` floats, owned by the calling worker.
  public var scratch: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    values: UnsafePointer<Float>, frequencyStride: Int, outputs: Int,
    gradient: UnsafeMutablePointer<Float>, tapStride: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    self.values = values
    self.frequencyStride = frequencyStride
    self.outputs = outputs
    self.gradient = gradient
    self.tapStride = tapStride
    self.scratch = scratch
  }
}
