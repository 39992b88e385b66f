import KernelInterface

// The transforms of one line along one axis; a line's values lie `stride` floats apart, and each is a
// vector of channels. F(4) works on 6 values, F(2) on 4; both use the points in the order of
// `WinogradPoints`, F(2) skips points 3 and 4. Points of opposite sign share their even and odd parts.

@inline(__always) private var p: Float { WinogradPoints.inner }
@inline(__always) private var q: Float { WinogradPoints.outer }

/// `B^T d`: values of a line at the points.
///
/// With `N_x` the product of the distances to the other points, row x of B^T holds the coefficients
/// of `N_x` as a polynomial: ``PointValues``, ``ShortPointValues``.
@inline(__always)
func transformInput(
  _ source: UnsafePointer<Float>, stride: Int, to target: UnsafeMutablePointer<Float>,
  targetStride: Int, isLong: Bool
) {
  if isLong {
    transformInput(
      load(source), load(source + stride), load(source + 2 * stride), load(source + 3 * stride),
      load(source + 4 * stride), load(source + 5 * stride), to: target, stride: targetStride)
  } else {
    transformInput(
      load(source), load(source + stride), load(source + 2 * stride), load(source + 3 * stride),
      to: target, stride: targetStride)
  }
}

/// F(4): 12 operations.
@inline(__always)
func transformInput(
  _ d0: Vector, _ d1: Vector, _ d2: Vector, _ d3: Vector, _ d4: Vector, _ d5: Vector,
  to target: UnsafeMutablePointer<Float>, stride: Int
) {
  PointValues(ofInputs: d0, d1, d2, d3, d4, d5).save(to: target, stride: stride)
}

/// F(2): 8 operations.
@inline(__always)
func transformInput(
  _ d0: Vector, _ d1: Vector, _ d2: Vector, _ d3: Vector, to target: UnsafeMutablePointer<Float>,
  stride: Int
) {
  ShortPointValues(ofInputs: d0, d1, d2, d3).save(to: target, stride: stride)
}

/// `A^T m` of F(4), the outputs of a line from its values at the points: 13 operations.
@inline(__always)
func transformOutput(
  _ m0: Vector, _ m1: Vector, _ m2: Vector, _ m3: Vector, _ m4: Vector, _ m5: Vector
) -> (Vector, Vector, Vector, Vector) {
  let (innerSum, innerDifference) = (m1 + m2, m1 - m2)
  let (outerSum, outerDifference) = (m3 + m4, m3 - m4)
  return (
    m0 + innerSum + outerSum,
    multiplyAdd(broadcast(q) * outerDifference, innerDifference, broadcast(p)),
    multiplyAdd(broadcast(q * q) * outerSum, innerSum, broadcast(p * p)),
    multiplyAdd(
      multiplyAdd(m5, outerDifference, broadcast(q * q * q)), innerDifference,
      broadcast(p * p * p))
  )
}

/// `A^T m` of F(2).
@inline(__always)
func transformOutput(
  _ m0: Vector, _ m1: Vector, _ m2: Vector, _ m5: Vector
) -> (Vector, Vector) {
  (m0 + (m1 + m2), multiplyAdd(m5, m1 - m2, broadcast(p)))
}

/// The outputs of a line, 4 or 2, from its values at the points.
@inline(__always)
func transformOutput(
  _ source: UnsafePointer<Float>, stride: Int, to target: UnsafeMutablePointer<Float>,
  targetStride: Int, isLong: Bool
) {
  if isLong {
    let outputs = transformOutput(
      load(source), load(source + stride), load(source + 2 * stride), load(source + 3 * stride),
      load(source + 4 * stride), load(source + 5 * stride))
    store(outputs.0, to: target)
    store(outputs.1, to: target + targetStride)
    store(outputs.2, to: target + 2 * targetStride)
    store(outputs.3, to: target + 3 * targetStride)
  } else {
    let outputs = transformOutput(
      load(source), load(source + stride), load(source + 2 * stride), load(source + 5 * stride))
    store(outputs.0, to: target)
    store(outputs.1, to: target + targetStride)
  }
}
