import Volumes

/// What the first layers of a program read: an image, or several on one grid, `[k][j][i][image]`.
protocol ImageRows: Sendable {
  /// Voxels along i, j, k.
  var size: SIMD3<Int> { get }

  /// Writes a part of a row, the images of a voxel beside each other; from any thread.
  func copy(
    _ columns: Range<Int>, row: Int, plane: Int, to target: UnsafeMutablePointer<Float>)
}

/// The LR volume itself, normalised.
struct ImageSource: ImageRows {
  /// In input units, i fastest.
  let voxels: [Float]
  /// Voxels along i, j, k.
  let size: SIMD3<Int>
  /// To normalised units.
  let intensity: IntensityMap

  func copy(
    _ columns: Range<Int>, row: Int, plane: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let first = (plane * size.y + row) * size.x
    let values = UnsafeMutableBufferPointer(start: target, count: columns.count)
    _ = values.update(
      fromContentsOf: voxels[first + columns.lowerBound..<first + columns.upperBound])
    intensity.normalise(values)
  }
}
