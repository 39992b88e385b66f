/// A map from voxel indices (i, j, k) to scanner millimetres (x, y, z): a 3 x 4 matrix in double
/// precision.
///
/// Integer indices are voxel centres. All geometry is computed in this type and rounded once, when
/// a header is written.
public struct Affine: Equatable, Sendable {
  /// The 3 x 3 part, one column per voxel axis: the step in millimetres from one voxel to the next.
  public struct Columns: Equatable, Sendable {
    /// The step along i.
    public var i: SIMD3<Double>
    /// The step along j.
    public var j: SIMD3<Double>
    /// The step along k.
    public var k: SIMD3<Double>

    /// The column of voxel axis 0 (i), 1 (j) or 2 (k).
    public subscript(axis: Int) -> SIMD3<Double> {
      get {
        switch axis {
        case 0: i
        case 1: j
        case 2: k
        default: preconditionFailure("axis: \(axis)")
        }
      }
      set {
        switch axis {
        case 0: i = newValue
        case 1: j = newValue
        case 2: k = newValue
        default: preconditionFailure("axis: \(axis)")
        }
      }
    }
  }

  /// The 3 x 3 part.
  public var columns: Columns
  /// The scanner position of the centre of voxel (0, 0, 0), in millimetres.
  public var translation: SIMD3<Double>

  /// Makes the map `i * columns.i + j * columns.j + k * columns.k + translation`.
  public init(
    i: SIMD3<Double>, j: SIMD3<Double>, k: SIMD3<Double>, translation: SIMD3<Double> = .zero
  ) {
    columns = Columns(i: i, j: j, k: k)
    self.translation = translation
  }

  /// Makes a map from the rows x, y, z of a header's sform: (i, j, k, constant) each.
  public init(rows x: SIMD4<Double>, _ y: SIMD4<Double>, _ z: SIMD4<Double>) {
    self.init(
      i: SIMD3(x.x, y.x, z.x), j: SIMD3(x.y, y.y, z.y), k: SIMD3(x.z, y.z, z.z),
      translation: SIMD3(x.w, y.w, z.w))
  }

  /// Makes a map that scales each axis and then shifts.
  public init(diagonal: SIMD3<Double>, translation: SIMD3<Double> = .zero) {
    self.init(
      i: SIMD3(diagonal.x, 0, 0), j: SIMD3(0, diagonal.y, 0), k: SIMD3(0, 0, diagonal.z),
      translation: translation)
  }

  /// The map that leaves every point where it is.
  public static let identity = Affine(diagonal: SIMD3(repeating: 1))

  /// The rows x, y, z as a header's sform holds them: (i, j, k, constant) each.
  public var rows: (x: SIMD4<Double>, y: SIMD4<Double>, z: SIMD4<Double>) {
    (row(0), row(1), row(2))
  }

  /// The entry of row 0...2 (x, y, z) and column 0...3 (i, j, k, translation).
  public subscript(row: Int, column: Int) -> Double {
    get { column == 3 ? translation[row] : columns[column][row] }
    set {
      if column == 3 {
        translation[row] = newValue
      } else {
        columns[column][row] = newValue
      }
    }
  }

  /// The position of a point of the index space, which need not be a voxel centre.
  public func apply(_ point: SIMD3<Double>) -> SIMD3<Double> {
    applyLinear(point) + translation
  }

  /// The 3 x 3 part applied to a direction.
  public func applyLinear(_ direction: SIMD3<Double>) -> SIMD3<Double> {
    columns.i * direction.x + columns.j * direction.y + columns.k * direction.z
  }

  /// The map that applies `inner` first and `outer` to its result.
  public static func * (outer: Affine, inner: Affine) -> Affine {
    Affine(
      i: outer.applyLinear(inner.columns.i),
      j: outer.applyLinear(inner.columns.j),
      k: outer.applyLinear(inner.columns.k),
      translation: outer.apply(inner.translation))
  }

  /// Whether no entry is infinite or not a number.
  public var isFinite: Bool {
    for column in 0...3 {
      for row in 0..<3 where !self[row, column].isFinite { return false }
    }
    return true
  }

  private func row(_ index: Int) -> SIMD4<Double> {
    SIMD4(columns.i[index], columns.j[index], columns.k[index], translation[index])
  }
}
