import KernelInterface

/// The bytes that a job needs at its peak, from the shape of its largest block.
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
  var workers: Int
  /// Floats of scratch per worker for LR rows of a width.
  var scratchFloats: (_ width: Int) -> Int
  /// Voxels of the output along its axes.
  var outputSize: SIMD3<Int>

  /// Room for stacks, code and the small buffers of reading and writing.
  private static let overheadBytes = 48 << 20
  /// Positions, taps, weights and coordinates per output index of an axis, for decoder, base and
  /// mask.
  private static let tableBytes = 96

  /// Bytes at the peak.
  ///
  /// - Parameters:
  ///   - shape: Of the largest block.
  ///   - windowPlanes: Output planes held at once.
  /// - Returns: What is resident at most.
  func bytes(_ shape: WavefrontShape, windowPlanes: Int) -> Int {
    let voxels = volume.x * volume.y * volume.z
    let columns = shape.ranges[0].ranges
    let scratch = workers * scratchFloats(columns.map(\.count).max() ?? 0)
    let window = windowPlanes * outputSize.x * outputSize.y
    let floats =
      voxels * (1 + baseVolumes) + shape.floats + ValueMaps.zeroFloats(shape) + scratch + window
    return floats * MemoryLayout<Float>.size + weightBytes + maskBytes
      + outputSize.wrappedSum() * Self.tableBytes + Self.overheadBytes
  }
}
