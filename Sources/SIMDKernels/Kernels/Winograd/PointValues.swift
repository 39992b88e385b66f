import KernelInterface

/// The values of a line at Winograd's points along one axis; each is a vector of channels.
struct PointValues {
  let v0: Vector
  let v1: Vector
  let v2: Vector
  let v3: Vector
  let v4: Vector
  let v5: Vector

  /// `B^T d`, 12 operations: the coefficients of N(x) / (x - point), and of N(x) at infinity, where
  /// N(x) = x (x^2 - inner^2) (x^2 - outer^2).
  @inline(__always)
  init(
    ofInputs d0: Vector, _ d1: Vector, _ d2: Vector, _ d3: Vector, _ d4: Vector, _ d5: Vector
  ) {
    let (p, q) = (WinogradPoints.inner, WinogradPoints.outer)
    let product = broadcast(p * p * q * q)
    let sum = broadcast(-(p * p + q * q))
    v0 = multiplyAdd(multiplyAdd(d4, d2, sum), d0, product)
    let innerEven = multiplyAdd(d4, d2, broadcast(-q * q))
    let innerOdd = multiplyAdd(d3, d1, broadcast(-q * q))
    v1 = multiplyAdd(innerEven, innerOdd, broadcast(p))
    v2 = multiplyAdd(innerEven, innerOdd, broadcast(-p))
    let outerEven = multiplyAdd(d4, d2, broadcast(-p * p))
    let outerOdd = multiplyAdd(d3, d1, broadcast(-p * p))
    v3 = multiplyAdd(outerEven, outerOdd, broadcast(q))
    v4 = multiplyAdd(outerEven, outerOdd, broadcast(-q))
    v5 = multiplyAdd(multiplyAdd(d5, d3, sum), d1, product)
  }

  /// `A e`: the sum of `e_m x^m` at the points, and `e_3` at infinity.
  @inline(__always)
  init(ofGradients e0: Vector, _ e1: Vector, _ e2: Vector, _ e3: Vector) {
    let (inner, outer) = (WinogradPoints.inner, WinogradPoints.outer)
    v0 = e0
    let innerEven = multiplyAdd(e0, e2, broadcast(inner * inner))
    let innerOdd = multiplyAdd(e1, e3, broadcast(inner * inner)) * broadcast(inner)
    v1 = innerEven + innerOdd
    v2 = innerEven - innerOdd
    let outerEven = multiplyAdd(e0, e2, broadcast(outer * outer))
    let outerOdd = multiplyAdd(e1, e3, broadcast(outer * outer)) * broadcast(outer)
    v3 = outerEven + outerOdd
    v4 = outerEven - outerOdd
    v5 = e3
  }

  /// `G g`: `(g0 + g1 x + g2 x^2) / N(x)` at the points, and `g2` at infinity.
  @inline(__always)
  init(ofTaps g0: Vector, _ g1: Vector, _ g2: Vector) {
    let (inner, outer) = (WinogradPoints.inner, WinogradPoints.outer)
    let (inner2, outer2) = (inner * inner, outer * outer)
    v0 = g0 * broadcast(1 / (inner2 * outer2))
    let innerFactor = broadcast(1 / (2 * inner2 * (inner2 - outer2)))
    let innerEven = multiplyAdd(g0, g2, broadcast(inner2)) * innerFactor
    let innerOdd = g1 * broadcast(inner) * innerFactor
    v1 = innerEven + innerOdd
    v2 = innerEven - innerOdd
    let outerFactor = broadcast(1 / (2 * outer2 * (outer2 - inner2)))
    let outerEven = multiplyAdd(g0, g2, broadcast(outer2)) * outerFactor
    let outerOdd = g1 * broadcast(outer) * outerFactor
    v3 = outerEven + outerOdd
    v4 = outerEven - outerOdd
    v5 = g2
  }

  /// Stores the values `stride` floats apart.
  @inline(__always)
  func save(to target: UnsafeMutablePointer<Float>, stride: Int) {
    store(v0, to: target)
    store(v1, to: target + stride)
    store(v2, to: target + 2 * stride)
    store(v3, to: target + 3 * stride)
    store(v4, to: target + 4 * stride)
    store(v5, to: target + 5 * stride)
  }
}
