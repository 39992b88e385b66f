/// The sum of one filter with the surroundings of scattered voxels.
///
///     value[n] = sum over k, j, i < P of filter[k][j][i] x[voxel[n] + (i - h, j - h, k - h)],  h = P / 2
///
/// A value depends on its own voxel alone, not on the others of a call.
public struct PatchFilterArguments {
  /// Voxel (0, 0, 0), i fastest; 16 elements before and behind the volume must be readable and finite.
  public var image: UnsafePointer<Float>
  /// Elements from a row to the next.
  public var rowStride: Int
  /// Elements from a plane to the next.
  public var planeStride: Int
  /// P, odd.
  public var patch: Int
  /// `[k][j][rowFloats]`, zeros behind the P taps along i.
  public var filter: UnsafePointer<Float>
  /// Offsets of the voxels from the first one; their surroundings lie in the volume.
  public var voxels: UnsafePointer<Int>
  /// How many.
  public var count: Int
  /// One value per voxel.
  public var values: UnsafeMutablePointer<Float>

  /// Floats of a row of taps: whole vectors of any instruction set.
  public static func rowFloats(patch: Int) -> Int { (patch + 15) / 16 * 16 }

  /// Floats of a filter.
  public static func filterFloats(patch: Int) -> Int {
    patch * patch * rowFloats(patch: patch)
  }

  /// Makes the value from its parts.
  public init(
    image: UnsafePointer<Float>, rowStride: Int, planeStride: Int, patch: Int,
    filter: UnsafePointer<Float>, voxels: UnsafePointer<Int>, count: Int,
    values: UnsafeMutablePointer<Float>
  ) {
    self.image = image
    self.rowStride = rowStride
    self.planeStride = planeStride
    self.patch = patch
    self.filter = filter
    self.voxels = voxels
    self.count = count
    self.values = values
  }
}
