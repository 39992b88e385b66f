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

/// ``PointValues`` of a line of taps.
@inline(__always)
private func toPoints(
  _ g0: Vector, _ g1: Vector, _ g2: Vector, into values: UnsafeMutablePointer<Float>, stride: Int
) {
  PointValues(ofTaps: g0, g1, g2).save(to: values, stride: stride)
}
