extension Affine {
  /// The lengths of the columns: the spacing of the voxels in millimetres.
  public var columnNorms: SIMD3<Double> {
    SIMD3(Self.norm(columns.i), Self.norm(columns.j), Self.norm(columns.k))
  }

  /// The determinant of the 3 x 3 part; negative for left-handed voxel axes.
  public var determinant: Double {
    Self.dot(columns.i, Self.cross(columns.j, columns.k))
  }

  /// The largest absolute cosine between two columns: 0 for perpendicular voxel axes.
  public var shear: Double {
    let norms = columnNorms
    let i = columns.i / norms.x
    let j = columns.j / norms.y
    let k = columns.k / norms.z
    return max(abs(Self.dot(i, j)), abs(Self.dot(j, k)), abs(Self.dot(i, k)))
  }

  /// The inverse map, or nil where the axes are so nearly dependent that it would mean nothing.
  ///
  /// The columns are scaled to length 1 first, so that unlike spacings do not look like a bad
  /// matrix; nil if the condition number of what remains (Frobenius norm) is above 1e8.
  public var inverse: Affine? {
    let norms = columnNorms
    guard isFinite, norms.x > 0, norms.y > 0, norms.z > 0 else { return nil }
    let i = columns.i / norms.x
    let j = columns.j / norms.y
    let k = columns.k / norms.z
    // Rows of the adjugate are cross products of columns.
    let rowI = Self.cross(j, k)
    let rowJ = Self.cross(k, i)
    let rowK = Self.cross(i, j)
    let determinant = Self.dot(i, rowI)
    let adjugateNorm =
      (Self.dot(rowI, rowI) + Self.dot(rowJ, rowJ) + Self.dot(rowK, rowK)).squareRoot()
    let conditionNumber = Double(3).squareRoot() * adjugateNorm / abs(determinant)
    guard conditionNumber <= 1e8 else { return nil }
    let inverseI = rowI / (determinant * norms.x)
    let inverseJ = rowJ / (determinant * norms.y)
    let inverseK = rowK / (determinant * norms.z)
    return Affine(
      i: SIMD3(inverseI.x, inverseJ.x, inverseK.x),
      j: SIMD3(inverseI.y, inverseJ.y, inverseK.y),
      k: SIMD3(inverseI.z, inverseJ.z, inverseK.z),
      translation: -SIMD3(
        Self.dot(inverseI, translation), Self.dot(inverseJ, translation),
        Self.dot(inverseK, translation)))
  }

  /// The patient axis that each voxel axis follows most nearly: "RAS" where i runs to the right,
  /// j to the front and k to the head.
  ///
  /// The letters are those of the signed permutation with the largest sum of cosines, so each
  /// patient axis occurs once even for a grid that is turned by 45 degrees.
  public var orientation: String {
    let norms = columnNorms
    var bestSum = -Double.infinity
    var best: [Int] = [0, 1, 2]
    for (a, b, c) in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)] {
      let sum =
        abs(columns.i[a]) / norms.x + abs(columns.j[b]) / norms.y + abs(columns.k[c]) / norms.z
      // A later order must be clearly better, so that a tie at 45 degrees does not hang on rounding.
      if sum > bestSum + 1e-9 {
        bestSum = sum
        best = [a, b, c]
      }
    }
    return best.enumerated().map { axis, patientAxis in
      let letters = [["L", "R"], ["P", "A"], ["I", "S"]][patientAxis]
      return letters[columns[axis][patientAxis] < 0 ? 0 : 1]
    }.joined()
  }

  static func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    (a * b).sum()
  }

  static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(
      a.y * b.z - a.z * b.y,
      a.z * b.x - a.x * b.z,
      a.x * b.y - a.y * b.x)
  }

  static func norm(_ a: SIMD3<Double>) -> Double {
    dot(a, a).squareRoot()
  }
}
