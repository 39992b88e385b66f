import KernelInterface

/// The values of a line at the four points of F(2): 8 operations.
///
/// Rows of B^T are multiplied by the quotient of F(4)'s and F(2)'s own `N_x(x)`, because the filters
/// are those of F(4).
struct ShortPointValues {
  let v0: Vector
  let v1: Vector
  let v2: Vector
  let v5: Vector

  @inline(__always)
  init(ofInputs d0: Vector, _ d1: Vector, _ d2: Vector, _ d3: Vector) {
    let (p, q) = (WinogradPoints.inner, WinogradPoints.outer)
    v0 = broadcast(q * q) * multiplyAdd(broadcast(0) - d2, d0, broadcast(p * p))
    let even = broadcast(p * p - q * q) * d2
    let factor = broadcast(p * (p * p - q * q))
    v1 = multiplyAdd(even, d1, factor)
    v2 = multiplyAdd(even, d1, broadcast(0) - factor)
    v5 = multiplyAdd(d3, d1, broadcast(-p * p))
  }

  /// Stores the values, those of neighbouring points of F(4) `stride` floats apart.
  @inline(__always)
  func save(to target: UnsafeMutablePointer<Float>, stride: Int) {
    store(v0, to: target)
    store(v1, to: target + stride)
    store(v2, to: target + 2 * stride)
    store(v5, to: target + 5 * stride)
  }
}
