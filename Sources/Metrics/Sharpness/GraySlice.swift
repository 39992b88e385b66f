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
    let scale = Self.Scale(limits, isRounded: isRounded)
    self.values = values.map(scale.gray)
  }

  /// From intensities to grays.
  private struct Scale {
    let low: Double
    let range: Double
    let isRounded: Bool

    init(_ limits: (low: Double, high: Double), isRounded: Bool) {
      low = limits.low
      range = limits.high - limits.low
      self.isRounded = isRounded
    }

    @inline(__always)
    func gray(_ value: Double) -> Double {
      guard range > 0 else { return 0 }
      let gray = min(max((value - low) / range, 0), 1) * 255
      // Grays are not negative, so cutting is rounding down.
      return isRounded ? Double(Int(gray + 0.5)) : gray
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
    let scale = Self.Scale(limits, isRounded: true)
    let (rows, columns) = (size[row], size[column])
    self.rows = rows
    self.columns = columns
    values = [Double](unsafeUninitializedCapacity: rows * columns) { values, filled in
      voxels.withUnsafeBufferPointer { voxels in
        for p in 0..<rows {
          for q in 0..<columns {
            values[p * columns + q] = scale.gray(
              Double(voxels[start + p * steps[row] + q * steps[column]]))
          }
        }
      }
      filled = rows * columns
    }
  }
}
