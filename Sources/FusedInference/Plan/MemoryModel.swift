import KernelInterface

/// The bytes that a job needs at its peak, from the sizes of its largest block.
///
/// Held to the resident set of a real run by `MemoryModelTests`.
struct MemoryModel {
  var volume: SIMD3<Int>
  /// Volumes of values held beside the input: coefficients of the interpolated base.
  var baseVolumes: Int
  /// Weights as loaded, and packed once per NUMA node.
  var weightBytes: Int
  /// The mask's values.
  var maskBytes: Int
  /// Floats per voxel alive while the encoder runs, and of the feature map afterwards.
  var encoderStride: Int
  var featureStride: Int
  /// Values per LR voxel of a rolling plane; 0 where points are gathered.
  var preactivationStride: Int
  var workers: Int
  /// Floats of scratch per worker for LR rows of a width.
  var scratchFloats: (_ boxWidth: Int, _ neededWidth: Int) -> Int
  /// Voxels of the output along its axes.
  var outputSize: SIMD3<Int>

  /// Room for stacks, code and the small buffers of reading and writing.
  private static let overheadBytes = 48 << 20
  /// Positions, taps, weights and coordinates per output index of an axis, for decoder, base and
  /// mask.
  private static let tableBytes = 96

  func bytes(_ footprint: BlockFootprint) -> Int {
    let voxels = volume.x * volume.y * volume.z
    let image = FeatureMap.floats(size: footprint.box, voxelStride: 1)
    let encoding = image * (1 + encoderStride)
    let planes = 2 * footprint.needed.x * footprint.needed.y * preactivationStride
    let decoding = image * featureStride + planes
    let scratch = workers * scratchFloats(footprint.box.x, footprint.needed.x)
    let window = footprint.windowPlanes * outputSize.x * outputSize.y
    let floats = voxels * (1 + baseVolumes) + max(encoding, decoding) + scratch + window
    return floats * MemoryLayout<Float>.size + weightBytes + maskBytes
      + outputSize.wrappedSum() * Self.tableBytes + Self.overheadBytes
  }
}
