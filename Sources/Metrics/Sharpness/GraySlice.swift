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
    let scale = GrayMapping(limits)
    self.values = values.map { isRounded ? Double(scale.roundedGray($0)) : scale.gray($0) }
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

  /// Takes pixels that are grays already, row by row.
  init(values: [Double], columns: Int) {
    rows = values.count / columns
    self.columns = columns
    self.values = values
  }
}

/// From intensities to grays.
struct GrayMapping {
  private let low: Double
  private let range: Double

  init(_ limits: (low: Double, high: Double)) {
    low = limits.low
    range = limits.high - limits.low
  }

  /// From 0 to 255; 0 without a range.
  @inline(__always)
  func gray(_ value: Double) -> Double {
    guard range > 0 else { return 0 }
    return min(max((value - low) / range, 0), 1) * 255
  }

  /// The nearest whole gray.
  @inline(__always)
  func roundedGray(_ value: Double) -> UInt8 {
    // Grays are not negative, so cutting is rounding down.
    UInt8(gray(value) + 0.5)
  }
}
