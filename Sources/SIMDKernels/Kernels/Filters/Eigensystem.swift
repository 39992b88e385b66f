/// The eigenvalues of symmetric 3 x 3 matrices and the vector of the largest, one matrix per lane.
///
/// 1. With m the mean of the diagonal and p the norm, B = (A - m I) / p has the eigenvalues
///    2 cos(...) of x^3 - 3 x = det B. The root that stands apart (the largest where det B >= 0, else
///    the smallest) comes from three steps of Newton's method, from a start that is right to 2e-3; its
///    vector is the largest column of adj(B - x I). In the plane across it a 2 x 2 matrix is left, which
///    has a closed form.
/// 4. Nothing is lost where two eigenvalues agree: the one that stands apart is at least 1.7 away in B.
///    Errors are a few roundings of l1 in all eigenvalues and of the gap in the vector (tests against
///    Jacobi's method). The closed form for all three by arc cosine loses half the digits of two
///    eigenvalues that nearly agree, and with them the coherence of edges.
/// 5. Four roots and nine divisions for a vector of matrices; Jacobi's method takes four sweeps of six
///    roots and six divisions each.
struct Eigensystem {
  var largest: Wide
  var middle: Wide
  var smallest: Wide
  /// The vector of the largest; (1, 0, 0) where all directions are alike.
  var i: Wide
  var j: Wide
  var k: Wide

  /// A matrix by its upper triangle.
  @inline(__always)
  init(ii: Wide, jj: Wide, kk: Wide, ij: Wide, ik: Wide, jk: Wide) {
    let one = Wide(repeating: 1)
    let mean = (ii + jj + kk) * Wide(repeating: 1.0 / 3)
    let (a, b, c) = (ii - mean, jj - mean, kk - mean)
    let squares = a * a + b * b + c * c
    let crossed = ij * ij + ik * ik + jk * jk
    let norm = root((squares + crossed + crossed) * Wide(repeating: 1.0 / 6))
    let inverse = (one / norm).replacing(with: Wide.zero, where: norm .== Wide.zero)
    let (p, q, r) = (a * inverse, b * inverse, c * inverse)
    let (u, v, w) = (ij * inverse, ik * inverse, jk * inverse)
    let determinant = p * (q * r - w * w) - u * (u * r - v * w) + v * (u * w - q * v)
    // The matrix is turned round where its smallest eigenvalue stands apart.
    let isTurned = determinant .< Wide.zero
    let sign = one.replacing(with: Wide(repeating: -1), where: isTurned)
    let apart = Self.largestRoot(determinant * sign)
    let e = Self.vector(
      p * sign - apart, q * sign - apart, r * sign - apart, u * sign, v * sign, w * sign)

    // Two directions across e: the first lies in the plane of k and the larger of e_i and e_j.
    let usesJ = (e.i * e.i) .< (e.j * e.j)
    let chosen = e.i.replacing(with: e.j, where: usesJ)
    let length = one / root(chosen * chosen + e.k * e.k)
    let (f, g) = (e.k * length, chosen * length)
    let si = (-f).replacing(with: Wide.zero, where: usesJ)
    let sj = Wide.zero.replacing(with: -f, where: usesJ)
    let ti = e.j * g - e.k * sj
    let tj = e.k * si - e.i * g
    let tk = e.i * sj - e.j * si

    let (ei, ej, ek) = (
      ii * e.i + ij * e.j + ik * e.k, ij * e.i + jj * e.j + jk * e.k,
      ik * e.i + jk * e.j + kk * e.k
    )
    let own = ei * e.i + ej * e.j + ek * e.k
    let (ai, aj, ak) = (
      ii * si + ij * sj + ik * g, ij * si + jj * sj + jk * g, ik * si + jk * sj + kk * g
    )
    let (bi, bj, bk) = (
      ii * ti + ij * tj + ik * tk, ij * ti + jj * tj + jk * tk, ik * ti + jk * tj + kk * tk
    )
    let ss = ai * si + aj * sj + ak * g
    let st = ai * ti + aj * tj + ak * tk
    let tt = bi * ti + bj * tj + bk * tk
    let half = Wide(repeating: 0.5)
    let centre = (ss + tt) * half
    let difference = (ss - tt) * half
    let radius = root(difference * difference + st * st)
    let (upper, lower) = (centre + radius, centre - radius)

    largest = own.replacing(with: upper, where: isTurned)
    middle = upper.replacing(with: lower, where: isTurned)
    smallest = lower.replacing(with: own, where: isTurned)

    // The vector of the upper one in the plane across e.
    let leansToS = difference .>= Wide.zero
    let x = st.replacing(with: difference + radius, where: leansToS)
    let y = (radius - difference).replacing(with: st, where: leansToS)
    let square = x * x + y * y
    let isRound = square .== Wide.zero
    let scale = (one / root(square)).replacing(with: Wide.zero, where: isRound)
    let (xs, ys) = ((x * scale).replacing(with: one, where: isRound), y * scale)
    i = e.i.replacing(with: xs * si + ys * ti, where: isTurned)
    j = e.j.replacing(with: xs * sj + ys * tj, where: isTurned)
    k = e.k.replacing(with: xs * g + ys * tk, where: isTurned)
  }

  /// The root of x^3 - 3 x = d in [sqrt 3, 2], for 0 <= d <= 2.
  @inline(__always)
  private static func largestRoot(_ d: Wide) -> Wide {
    let t = d * Wide(repeating: 0.5)
    let bend = Wide(repeating: 0.3214) - t * Wide(repeating: 0.0535)
    var x = Wide(repeating: 1.732_050_8) + t * bend
    for _ in 0..<3 {
      let square = x * x
      let value = x * (square - Wide(repeating: 3)) - d
      x -= value / (Wide(repeating: 3) * square - Wide(repeating: 3))
    }
    return x
  }

  /// The vector that a matrix of rank 2 makes zero: the longest column of its adjugate.
  @inline(__always)
  private static func vector(
    _ ii: Wide, _ jj: Wide, _ kk: Wide, _ ij: Wide, _ ik: Wide, _ jk: Wide
  ) -> (i: Wide, j: Wide, k: Wide) {
    let (ci, cj, ck) = (jj * kk - jk * jk, ii * kk - ik * ik, ii * jj - ij * ij)
    let (cij, cik, cjk) = (ik * jk - ij * kk, ij * jk - ik * jj, ij * ik - jk * ii)
    let takesJ = cj .> ci
    var (i, j, k) = (
      ci.replacing(with: cij, where: takesJ), cij.replacing(with: cj, where: takesJ),
      cik.replacing(with: cjk, where: takesJ)
    )
    let takesK = ck .> ci.replacing(with: cj, where: takesJ)
    i = i.replacing(with: cik, where: takesK)
    j = j.replacing(with: cjk, where: takesK)
    k = k.replacing(with: ck, where: takesK)
    let scale = Wide(repeating: 1) / root(i * i + j * j + k * k)
    return (i * scale, j * scale, k * scale)
  }
}
