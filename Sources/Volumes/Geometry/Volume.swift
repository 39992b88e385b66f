/// A 3D image with its place in scanner space.
public struct Volume: Sendable {
  /// Size and place.
  public var grid: Grid
  /// Values, i fastest, then j, then k: as an array `[k][j][i]`.
  public var voxels: [Float]

  /// The largest magnitude of a value that is worked with: weighted sums of such values stay far
  /// within float32, squares from 1e19 on do not.
  ///
  /// Beyond it lie marks for what is missing, such as the largest float32, and no intensities.
  public static let largestMagnitude: Float = 1e36

  /// Whether a value can be worked with; see ``largestMagnitude``.
  package static func isUsable(_ value: Float) -> Bool {
    // False for a value that is not a number.
    value.magnitude <= largestMagnitude
  }

  /// Pairs values with their grid; there must be one value per voxel.
  public init(grid: Grid, voxels: [Float]) {
    precondition(
      voxels.count == grid.voxelCount, "voxels: \(voxels.count), size: \(grid.size)")
    self.grid = grid
    self.voxels = voxels
  }

  /// The value of a voxel.
  public subscript(i: Int, j: Int, k: Int) -> Float {
    voxels[i + grid.size.x * (j + grid.size.y * k)]
  }
}
