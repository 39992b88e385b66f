import KernelInterface

/// Filters at Winograd's points: `G g` along i, then j, then k, with outputs as lanes.
///
/// Bound by the 8 times as many floats that are written. Rounding: a filter passes three transforms of
/// two or three products each; test `transformedFiltersAreThoseOfDoublePrecision`.
func transformFilters(_ arguments: FilterTransformArguments) {
  let tapStride = arguments.channels * arguments.width
  let alongI = arguments.scratch
  let alongJ = alongI + 54 * lanes
  var place = 0
  while place < tapStride {
    let taps = arguments.taps + place
    for line in 0..<9 {
      let first = taps + 3 * line * tapStride
      toPoints(
        load(first), load(first + tapStride), load(first + 2 * tapStride),
        into: alongI + 6 * line * lanes, stride: lanes)
    }
    for plane in 0..<3 {
      for i in 0..<6 {
        let line = alongI + (18 * plane + i) * lanes
        toPoints(
          load(line), load(line + 6 * lanes), load(line + 12 * lanes),
          into: alongJ + (36 * plane + i) * lanes, stride: 6 * lanes)
      }
    }
    for index in 0..<36 {
      let line = alongJ + index * lanes
      toPoints(
        load(line), load(line + 36 * lanes), load(line + 72 * lanes),
        into: arguments.filters + index * arguments.frequencyStride + place,
        stride: 36 * arguments.frequencyStride)
    }
    place += lanes
  }
}

/// `(g0 + g1 x + g2 x^2) / N(x)` at the points x, and `g2` at infinity: see `WinogradPoints`.
@inline(__always)
private func toPoints(
  _ g0: Vector, _ g1: Vector, _ g2: Vector, into values: UnsafeMutablePointer<Float>, stride: Int
) {
  let (inner, outer) = (WinogradPoints.inner, WinogradPoints.outer)
  let (inner2, outer2) = (inner * inner, outer * outer)
  store(g0 * broadcast(1 / (inner2 * outer2)), to: values)
  let innerFactor = broadcast(1 / (2 * inner2 * (inner2 - outer2)))
  let innerEven = multiplyAdd(g0, g2, broadcast(inner2)) * innerFactor
  let innerOdd = g1 * broadcast(inner) * innerFactor
  store(innerEven + innerOdd, to: values + stride)
  store(innerEven - innerOdd, to: values + 2 * stride)
  let outerFactor = broadcast(1 / (2 * outer2 * (outer2 - inner2)))
  let outerEven = multiplyAdd(g0, g2, broadcast(outer2)) * outerFactor
  let outerOdd = g1 * broadcast(outer) * outerFactor
  store(outerEven + outerOdd, to: values + 3 * stride)
  store(outerEven - outerOdd, to: values + 4 * stride)
  store(g2, to: values + 5 * stride)
}
