/// A volume as whole grays from 0 to 255, of which slices are taken in all three directions.
///
/// Each voxel is mapped once, in the order of memory; slices, two in three of which jump through the
/// volume, then read a quarter of the bytes.
struct GrayVolume: Sendable {
  private let grays: [UInt8]
  private let size: SIMD3<Int>

  /// Maps a volume as ``GraySlice`` does.
  ///
  /// - Parameters:
  ///   - voxels: All finite, i fastest.
  ///   - size: Voxels along i, j, k.
  ///   - limits: What black and white stand for.
  init(_ voxels: [Float], size: SIMD3<Int>, limits: (low: Double, high: Double)) {
    self.size = size
    let scale = GrayMapping(limits)
    grays = [UInt8](unsafeUninitializedCapacity: voxels.count) { grays, filled in
      voxels.withUnsafeBufferPointer { voxels in
        for place in 0..<voxels.count { grays[place] = scale.roundedGray(Double(voxels[place])) }
      }
      filled = voxels.count
    }
  }

  /// Slice `index` across an axis.
  func slice(axis: Int, index: Int) -> GraySlice {
    let (rows, columns) = GraySlice.size(size, axis: axis)
    let values = [Double](unsafeUninitializedCapacity: rows * columns) { values, filled in
      if let target = values.baseAddress { copy(axis: axis, index: index, to: target) }
      filled = rows * columns
    }
    return GraySlice(values: values, columns: columns)
  }

  /// Writes slice `index` across an axis, row by row.
  func copy(axis: Int, index: Int, to target: UnsafeMutablePointer<Double>) {
    let steps = SIMD3(1, size.x, size.x * size.y)
    let (row, column) = GraySlice.axes(axis)
    let (rows, columns) = (size[row], size[column])
    let (start, rowStep, columnStep) = (index * steps[axis], steps[row], steps[column])
    grays.withUnsafeBufferPointer { grays in
      for p in 0..<rows {
        for q in 0..<columns {
          target[p * columns + q] = Double(grays[start + p * rowStep + q * columnStep])
        }
      }
    }
  }
}
