import Networks

/// A volume with room around it, in which it goes on mirrored about its outer voxel centres.
///
/// The room is so wide that the patches of all voxels lie in the framed volume, and one voxel more around
/// their windows, for gradients; where the filters keep the values at the faces there is none. Quadratic
/// splines continue a volume in the same way, down and up: an LR image in its frame is what the framed HR
/// volume would have become.
struct FilterFrame: Sendable {
  /// Voxels of the volume along i, j, k.
  let size: SIMD3<Int>
  /// Voxels of the frame before and behind, along each axis.
  let width: Int
  private let reach: Int

  init(_ filters: GradientFilters, size: SIMD3<Int>) {
    self.size = size
    reach = filters.reach
    width =
      filters.faces == .mirrored ? max(filters.reach, filters.hashing.window / 2 + 1) : 0
  }

  /// The places of an axis of the framed volume whose voxels are filtered, by the axis's framed size.
  func filtered(_ framed: Int) -> Range<Int> {
    let margin = max(width, reach)
    return margin..<max(margin, framed - margin)
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
