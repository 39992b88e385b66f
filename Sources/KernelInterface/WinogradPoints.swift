/// The points of Winograd's algorithm along an axis: 0, +-inner, +-outer and infinity, in this order.
///
/// F(4) uses all six, F(2) the points 0, +-inner and infinity. Both share the transformed filters: a
/// filter's value at a point is divided by `N(point)`, the product of its distances to the other
/// points of F(4), and F(2) corrects for its own product in the transform of the input. So edges
/// cost no filters of their own.
///
/// Every constant of the transforms is a float32 number (`inner` and `outer` have few digits), so
/// that nothing but the operations themselves rounds.
public enum WinogradPoints {
  /// Points along an axis.
  @inlinable public static var count: Int { 6 }
  /// Frequencies of a tile, `[k][j][i]`.
  @inlinable public static var frequencies: Int { 216 }
  /// Points of a tile in a plane, `[j][i]`.
  @inlinable public static var planar: Int { 36 }
  /// 5/8.
  @inlinable public static var inner: Float { 0.625 }
  /// 51/32; 8/5, the inverse of `inner`, is no float32 number.
  @inlinable public static var outer: Float { 1.59375 }

  /// Whether F(2) has the point with an index.
  @inlinable
  public static func isShort(_ point: Int) -> Bool { point < 3 || point == 5 }
}
