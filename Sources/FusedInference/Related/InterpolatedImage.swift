import Volumes

/// The LR image interpolated on the HR grid, row by row, and with it a second image of that grid.
///
/// Where the network does not pad, the grid is continued on every side by the outermost voxels.
struct InterpolatedImage: ImageRows {
  let size: SIMD3<Int>
  private let interpolator: Interpolator
  private let guide: GuideImage?
  private let padding: Int
  /// Voxels of the HR grid.
  private let grid: SIMD3<Int>

  /// - Parameters:
  ///   - interpolator: Of the normalised LR image at the voxels of the HR grid.
  ///   - guide: The second image, for networks that take one.
  ///   - padding: Voxels by which the grid is continued on every side.
  init(_ interpolator: Interpolator, guide: GuideImage?, padding: Int) {
    self.interpolator = interpolator
    self.guide = guide
    self.padding = padding
    grid = interpolator.sampling.rowBox
    size = grid &+ SIMD3(repeating: 2 * padding)
  }

  func copy(
    _ columns: Range<Int>, row: Int, plane: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let j = min(max(row - padding, 0), grid.y - 1)
    let k = min(max(plane - padding, 0), grid.z - 1)
    if columns.count == grid.x, guide == nil, padding == 0 {
      return interpolator.row(
        j: j, k: k, into: UnsafeMutableBufferPointer(start: target, count: grid.x))
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: grid.x) { values in
      values.initialize(repeating: 0)
      interpolator.row(j: j, k: k, into: values)
      let images = guide == nil ? 1 : 2
      let first = (k * grid.y + j) * grid.x
      for (index, column) in columns.enumerated() {
        let i = min(max(column - padding, 0), grid.x - 1)
        target[index * images] = values[i]
        if let guide {
          target[index * images + 1] = guide.intensity.normalise(guide.voxels[first + i])
        }
      }
    }
  }
}
