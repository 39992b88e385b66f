import KernelInterface

/// The bytes that a job needs at its peak, from the shape of its largest block.
///
/// Held to the resident set of a real run by `MemoryModelTests`.
struct MemoryModel {
  var volume: SIMD3<Int>
  /// Volumes of values held beside the input: continued and without its blur, and coefficients of
  /// the interpolated base.
  var otherVolumes: Int
  /// Weights as loaded, and packed once per NUMA node.
  var weightBytes: Int
  /// The mask's values.
  var maskBytes: Int
  var workers: Int
  /// Floats of scratch per worker for LR rows of a width.
  var scratchFloats: (_ width: Int) -> Int
  /// Voxels of the output along its axes.
  var outputSize: SIMD3<Int>
  /// What the process has beside the job.
  var held: HeldMemory
  /// Whether it is noted which cells are kept.
  var keepsBackground: Bool

  /// Code that only a job touches, its small arrays, and what the allocator keeps.
  ///
  /// What the runs of `Documentation/Results/memory.md` need beside all that is counted: 1 to 4 MiB.
  static let smallBytes = 19 << 18
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
      voxels * (1 + otherVolumes) + shape.floats + ValueMaps.zeroFloats(shape) + scratch + window
    let cells = keepsBackground ? KeptCells.plannedBytes(volume) : 0
    let job =
      floats * MemoryLayout<Float>.size + weightBytes + maskBytes + cells
      + outputSize.wrappedSum() * Self.tableBytes
    return held.peak(jobBytes: job, windowPlanes: windowPlanes)
  }
}
