import KernelInterface

/// Filters of a plane of the kernel at Winograd's points along j, then i, with outputs as lanes.
///
/// As ``transformFilters(_:)``, two channels at a time.
func transformPlaneFilters(_ arguments: FilterTransformArguments) {
  let (first, second) = (arguments.scratch, arguments.scratch + 54 * lanes)
  var channel = 0
  while channel < arguments.channels {
    var lane = 0
    while lane < arguments.width {
      atPoints(arguments, channel: channel, lane: lane, into: first)
      let target = arguments.filters + lane
      if channel + 1 < arguments.channels {
        atPoints(arguments, channel: channel + 1, lane: lane, into: second)
      } else {
        for point in 0..<WinogradPoints.planar { store(broadcast(0), to: second + point * lanes) }
      }
      for point in 0..<WinogradPoints.planar {
        store(
          lanePairs(load(first + point * lanes), load(second + point * lanes)),
          to: target + point * arguments.frequencyStride + channel / 2 * arguments.width)
      }
      lane += lanes
    }
    channel += 2
  }
}

/// `G g G^T` of one channel, `[j][i]`; behind it lies what is between the transforms.
@inline(__always)
private func atPoints(
  _ arguments: FilterTransformArguments, channel: Int, lane: Int,
  into target: UnsafeMutablePointer<Float>
) {
  let tapStride = arguments.channels * arguments.width
  let taps = arguments.taps + channel * arguments.width + lane
  let between = target + 36 * lanes
  for i in 0..<3 {
    let first = taps + i * tapStride
    PointValues(
      ofTaps: load(first), load(first + 3 * tapStride), load(first + 6 * tapStride)
    ).save(to: between + i * lanes, stride: 3 * lanes)
  }
  for j in 0..<6 {
    let line = between + 3 * j * lanes
    PointValues(ofTaps: load(line), load(line + lanes), load(line + 2 * lanes))
      .save(to: target + 6 * j * lanes, stride: lanes)
  }
}

/// `G^T s G` of the products' sums, outputs as lanes: along j, then along i.
func planeFilterGradient(_ arguments: FilterGradientArguments) {
  let stride = arguments.frequencyStride
  var output = 0
  while output < arguments.outputs {
    let source = arguments.values + output
    for i in 0..<6 {
      let taps = PointTaps(source + i * stride, stride: 6 * stride)
      for tap in 0..<3 { store(taps[tap], to: arguments.scratch + (6 * tap + i) * lanes) }
    }
    for j in 0..<3 {
      let taps = PointTaps(arguments.scratch + 6 * j * lanes, stride: lanes)
      for tap in 0..<3 {
        let target = arguments.gradient + (3 * j + tap) * arguments.tapStride + output
        store(load(target) + taps[tap], to: target)
      }
    }
    output += lanes
  }
}
