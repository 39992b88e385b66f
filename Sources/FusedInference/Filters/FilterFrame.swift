import Networks

/// A volume with room around it, in which it goes on mirrored about its outer voxel centres.
///
/// The room is as wide as half a patch, so that the patches of all voxels lie in the framed volume; where
/// the filters keep the values at the faces there is none. Quadratic splines continue a volume in the same
/// way, down and up: an LR image in its frame is what the framed HR volume would have become. (Gradients in
/// the frame's outermost voxels are one-sided; windows reach them where they are as wide as the patch.)
struct FilterFrame: Sendable {
  /// Voxels of the volume along i, j, k.
  let size: SIMD3<Int>
  /// Voxels of the frame before and behind, along each axis.
  let width: Int

  init(_ filters: GradientFilters, size: SIMD3<Int>) {
    self.size = size
    width = filters.faces == .mirrored ? filters.reach : 0
  }

  /// Voxels of both along i, j, k.
  var framedSize: SIMD3<Int> { size &+ 2 * width }

  /// Elements from a row of the framed volume to the next and from a plane to the next.
  var strides: (row: Int, plane: Int) { (framedSize.x, framedSize.x * framedSize.y) }

  /// Where voxel (0, 0, 0) of the volume lies in the framed one.
  var corner: Int { width * (1 + strides.row + strides.plane) }

  /// The voxel that stands at a place along an axis of `count` voxels.
  static func mirrored(_ place: Int, _ count: Int) -> Int {
    guard !(0..<count).contains(place) else { return place }
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let within = ((place % period) + period) % period
    return min(within, period - within)
  }

  /// Writes the frame before and behind a row.
  ///
  /// - Parameter row: The row's own voxels, in the framed volume.
  func fillEnds(of row: UnsafeMutableBufferPointer<Float>) {
    guard width > 0, let start = row.baseAddress else { return }
    for step in 1...width {
      start[-step] = start[Self.mirrored(-step, row.count)]
      start[row.count - 1 + step] = start[Self.mirrored(row.count - 1 + step, row.count)]
    }
  }
}
