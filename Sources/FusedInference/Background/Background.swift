/// The constant around the object of a volume: zeros of a masked brain, for example.
public struct Background: Sendable, Equatable {
  /// The value that voxels of the background have exactly.
  public let value: Float
  /// Share of all voxels that have it.
  public let share: Double

  /// Share of the voxels below which a constant is not taken for a background.
  public static let leastShare = 0.2

  /// Looks for a background: the value that all eight corners of the volume have.
  ///
  /// There is none where the corners differ, or too few voxels have their value.
  ///
  /// - Parameters:
  ///   - voxels: i fastest.
  ///   - size: Voxels along i, j, k.
  public init?(_ voxels: [Float], size: SIMD3<Int>) {
    let value = voxels[0]
    for k in [0, size.z - 1] {
      for j in [0, size.y - 1] {
        for i in [0, size.x - 1] where voxels[(k * size.y + j) * size.x + i] != value { return nil }
      }
    }
    let count = voxels.reduce(into: 0) { count, voxel in if voxel == value { count += 1 } }
    share = Double(count) / Double(voxels.count)
    self.value = value
    if share < Self.leastShare { return nil }
  }
}
