/// Which voxels of a measurement belong to its object, and not to a background around it.
///
/// A background is there where the eight corners of the volume agree to 1 % of its range; it is all
/// that lies within 1 % of the range of their mean. So a masked volume has one also where filters
/// left ringing in it, and air with noise above that has none.
enum ObjectMask {
  /// Differences up to this share of the range count as none.
  private static let tolerance = 0.01
  /// A background has at least this share of the voxels.
  private static let leastShare = 0.01

  /// Tells the object from its background.
  ///
  /// - Parameters:
  ///   - voxels: `[k][j][i]` of `size`, finite.
  ///   - size: Voxels along i, j, k.
  ///   - range: Of the intensities, without their extremes.
  /// - Returns: Whether each voxel belongs to the object; nil: all do.
  static func voxels(_ voxels: [Float], size: SIMD3<Int>, range: Double) -> [Bool]? {
    var corners: [Double] = []
    for k in [0, size.z - 1] {
      for j in [0, size.y - 1] {
        for i in [0, size.x - 1] {
          corners.append(Double(voxels[(k * size.y + j) * size.x + i]))
        }
      }
    }
    let limit = tolerance * range
    guard let lowest = corners.min(), let highest = corners.max(), highest - lowest <= limit else {
      return nil
    }
    let middle = corners.reduce(0, +) / Double(corners.count)
    let object = voxels.map { abs(Double($0) - middle) > limit }
    let count = object.reduce(0) { $0 + ($1 ? 1 : 0) }
    let background = Double(voxels.count - count)
    return count == 0 || background < leastShare * Double(voxels.count) ? nil : object
  }
}
