import Volumes

/// A slice of a volume as an image of grays from 0 to 255, as measures of sharpness expect it.
///
/// Rows and columns of slices across axis 0 run along j and k, across axis 1 along i and k, across
/// axis 2 along i and j.
public struct GraySlice: Sendable {
  /// Pixels of a column.
  public let rows: Int
  /// Pixels of a row.
  public let columns: Int
  /// From 0 to 255, row by row.
  let values: [Double]

  /// Maps `low` to 0 and `high` to 255, clamped and rounded to whole grays; 0 without a range.
  ///
  /// - Parameters:
  ///   - values: All finite, row by row.
  ///   - columns: Pixels of a row.
  ///   - limits: What black and white stand for.
  ///   - isRounded: Whether grays are whole, as of an image of 8 bits.
  public init(
    _ values: [Double], columns: Int, limits: (low: Double, high: Double), isRounded: Bool = true
  ) {
    precondition(columns > 0 && values.count % columns == 0, "\(values.count) by \(columns)")
    rows = values.count / columns
    self.columns = columns
    let range = limits.high - limits.low
    self.values = values.map { value in
      guard range > 0 else { return 0 }
      let gray = min(max((value - limits.low) / range, 0), 1) * 255
      return isRounded ? (gray + 0.5).rounded(.down) : gray
    }
  }

  /// Rows and columns of the slices across an axis.
  static func size(_ size: SIMD3<Int>, axis: Int) -> (rows: Int, columns: Int) {
    let (row, column) = axes(axis)
    return (size[row], size[column])
  }

  /// The axes along which rows are counted and columns are.
  static func axes(_ axis: Int) -> (row: Int, column: Int) {
    axis == 0 ? (1, 2) : axis == 1 ? (0, 2) : (0, 1)
  }

  /// Takes slice `index` across `axis` of a volume.
  init(
    _ voxels: [Float], size: SIMD3<Int>, axis: Int, index: Int,
    limits: (low: Double, high: Double)
  ) {
    let steps = [1, size.x, size.x * size.y]
    let (row, column) = Self.axes(axis)
    let start = index * steps[axis]
    var values: [Double] = []
    values.reserveCapacity(size[row] * size[column])
    voxels.withUnsafeBufferPointer { voxels in
      for p in 0..<size[row] {
        for q in 0..<size[column] {
          values.append(Double(voxels[start + p * steps[row] + q * steps[column]]))
        }
      }
    }
    self.init(values, columns: size[column], limits: limits)
  }
}
