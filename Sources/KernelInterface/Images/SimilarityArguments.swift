/// One plane of the map of structural similarity of two volumes, in double precision.
///
/// With F a separable filter of `taps` weights along each axis, `u = F(x)`, `v = F(y)`, and the
/// unbiased `a = F(x^2) - u^2`, `b = F(y^2) - v^2`, `c = F(x y) - u v`:
///
///     map = (2 u v + c1) (2 c + c2) / ((u^2 + v^2 + c1) (a + b + c2))
///
/// at the voxels whose window lies inside the volume. Sums run along k, then j, then i, tap by tap.
public struct SimilarityArguments {
  /// The first voxel of the first of `taps` planes, i fastest.
  public var image: UnsafePointer<Float>
  /// The same place of the reference.
  public var reference: UnsafePointer<Float>
  /// Voxels of a row; rows follow each other without a gap.
  public var width: Int
  /// Rows of a plane; planes follow each other without a gap.
  public var rows: Int
  /// `taps` weights with sum 1.
  public var weights: UnsafePointer<Double>
  /// Voxels of the window along each axis; odd, and at most `width` and `rows`.
  public var taps: Int
  /// The first constant of the formula.
  public var c1: Double
  /// The second.
  public var c2: Double
  /// `rows - taps + 1` rows of `width - taps + 1` values.
  public var map: UnsafeMutablePointer<Double>
  /// Numbers from a row of the map to the next, ``mapStride(width:taps:)``.
  public var mapStride: Int
  /// At least ``scratchCount(width:taps:)`` numbers, owned by the calling worker.
  public var scratch: UnsafeMutablePointer<Double>

  /// Numbers of a row of the map: whole vectors of any instruction set.
  public static func mapStride(width: Int, taps: Int) -> Int { (width - taps + 8) / 8 * 8 }

  /// Numbers of a row in scratch: sums along i read beyond its end.
  public static func rowCount(width: Int, taps: Int) -> Int { (width + 7) / 8 * 8 + taps + 7 }

  /// Numbers of scratch: the rows of all planes of the window, filtered rows for as many as the window
  /// has, and their sums.
  public static func scratchCount(width: Int, taps: Int) -> Int {
    rowCount(width: width, taps: taps) * (2 * taps + 5 * taps + 5)
  }

  /// Makes the value from its parts.
  public init(
    image: UnsafePointer<Float>, reference: UnsafePointer<Float>, width: Int, rows: Int,
    weights: UnsafePointer<Double>, taps: Int, c1: Double, c2: Double,
    map: UnsafeMutablePointer<Double>, mapStride: Int, scratch: UnsafeMutablePointer<Double>
  ) {
    self.image = image
    self.reference = reference
    self.width = width
    self.rows = rows
    self.weights = weights
    self.taps = taps
    self.c1 = c1
    self.c2 = c2
    self.map = map
    self.mapStride = mapStride
    self.scratch = scratch
  }
}
