/// The way a NIfTI qform stores an affine: a rotation as a unit quaternion, a handedness, spacings
/// and an offset.
///
/// The map is `R(a, b, c, d) * diag(spacing.x, spacing.y, qfac * spacing.z)` plus `offset`, with
/// `a = sqrt(1 - b*b - c*c - d*d)`, which is not stored (NIfTI-1 standard, method 2). It cannot
/// hold a shear.
public struct QuaternionForm: Equatable, Sendable {
  /// The stored components b, c, d of the unit quaternion.
  public var b: Double
  /// See ``b``.
  public var c: Double
  /// See ``b``.
  public var d: Double
  /// -1 where the third voxel axis is mirrored, else 1.
  public var qfac: Double
  /// The scanner position of the centre of voxel (0, 0, 0), in millimetres.
  public var offset: SIMD3<Double>
  /// Distances of the voxel centres in millimetres, all above 0 (`pixdim[1...3]`).
  public var spacing: SIMD3<Double>

  /// Takes the components as they stand in a header.
  public init(
    b: Double, c: Double, d: Double, qfac: Double, offset: SIMD3<Double>, spacing: SIMD3<Double>
  ) {
    self.b = b
    self.c = c
    self.d = d
    self.qfac = qfac
    self.offset = offset
    self.spacing = spacing
  }

  /// The quaternion form of an affine with perpendicular columns.
  ///
  /// With a shear the result is only near the affine; ask ``misfit(to:)`` before using it.
  public init(_ affine: Affine) {
    spacing = affine.columnNorms
    offset = affine.translation
    qfac = affine.determinant < 0 ? -1 : 1
    let x = affine.columns.i / spacing.x
    let y = affine.columns.j / spacing.y
    let z = affine.columns.k / (spacing.z * qfac)
    // The largest of the four components is found from the diagonal and the others follow from
    // differences or sums of the rest: no cancellation in any orientation.
    let diagonals = [
      x.x + y.y + z.z, x.x - y.y - z.z, y.y - x.x - z.z, z.z - x.x - y.y,
    ]
    var q: SIMD4<Double>  // (a, b, c, d), not yet of length 1
    switch diagonals.indices.max(by: { diagonals[$0] < diagonals[$1] }) {
    case 1: q = SIMD4(y.z - z.y, 1 + diagonals[1], x.y + y.x, x.z + z.x)
    case 2: q = SIMD4(z.x - x.z, x.y + y.x, 1 + diagonals[2], y.z + z.y)
    case 3: q = SIMD4(x.y - y.x, x.z + z.x, y.z + z.y, 1 + diagonals[3])
    default: q = SIMD4(1 + diagonals[0], y.z - z.y, z.x - x.z, x.y - y.x)
    }
    q /= (q * q).sum().squareRoot()
    if q.x < 0 { q = -q }
    b = q.y
    c = q.z
    d = q.w
  }

  /// The affine that these components stand for.
  ///
  /// Below 1e-7 `1 - b*b - c*c - d*d` is rounding of float32 headers: a is 0 then, and b, c, d are
  /// scaled to length 1.
  public var affine: Affine {
    var (b, c, d) = (b, c, d)
    var a = 1 - (b * b + c * c + d * d)
    if a < 1e-7 {
      let length = (b * b + c * c + d * d).squareRoot()
      (b, c, d) = (b / length, c / length, d / length)
      a = 0
    } else {
      a = a.squareRoot()
    }
    return Affine(
      i: SIMD3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c))
        * spacing.x,
      j: SIMD3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b))
        * spacing.y,
      k: SIMD3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b)
        * (spacing.z * qfac),
      translation: offset)
  }

  /// The largest difference of an entry of the 3 x 3 parts, relative to the largest spacing.
  public func misfit(to affine: Affine) -> Double {
    let own = self.affine
    var largest = 0.0
    for axis in 0..<3 {
      let difference = own.columns[axis] - affine.columns[axis]
      for row in 0..<3 { largest = max(largest, abs(difference[row])) }
    }
    return largest / max(spacing.x, spacing.y, spacing.z)
  }
}
