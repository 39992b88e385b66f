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
