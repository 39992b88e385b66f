/// Rows taken two by two as pairs of bfloat16, lane by lane: operands of sums over rows.
///
/// `pairs[r][c]` holds `rows[2 r][c]`, then `rows[2 r + 1][c]`; behind the last row of an odd number
/// counts a row of zeros.
public struct PairRowsArguments {
  /// `[count]` every `stride` floats.
  public var rows: UnsafePointer<Float>
  /// Floats from a row to the next.
  public var stride: Int
  /// Rows.
  public var count: Int
  /// Numbers of a row: a multiple of the set's lanes.
  public var length: Int
  /// `[(count + 1) / 2][length]`.
  public var pairs: UnsafeMutablePointer<Float>

  /// Makes the value from its parts.
  public init(
    rows: UnsafePointer<Float>, stride: Int, count: Int, length: Int,
    pairs: UnsafeMutablePointer<Float>
  ) {
    self.rows = rows
    self.stride = stride
    self.count = count
    self.length = length
    self.pairs = pairs
  }
}
