import KernelInterface

/// Exponential linear units behind a scale and a shift.
///
/// 1. Formula, layouts: `ExponentialUnitArguments`.
/// 2. No pointer needs an alignment; exactly the row is read and written.
/// 3. About 20 instructions per vector, all in registers.
/// 4. `exp(y) = 2^n exp(r)` with n the whole number nearest to y / ln 2 and the Taylor polynomial of
///    degree 7 for r in [-0.35, 0.35], whose error is below 6e-9; test `ExponentialUnitTests`.
/// 5. Not in the table of the module's README: DCSRN has one unit per some 600 multiply-adds.
func exponentialUnits(_ arguments: ExponentialUnitArguments) {
  assert(arguments.channels % FeatureLayout.channelGranule == 0)
  for voxel in 0..<arguments.voxels {
    let first = voxel * arguments.channels
    var channel = 0
    while channel < arguments.channels {
      let value = multiplyAdd(
        load(arguments.shift + channel), load(arguments.source + first + channel),
        load(arguments.scale + channel))
      store(exponentialUnit(value), to: arguments.target + first + channel)
      channel += lanes
    }
  }
}

/// One of the two parts is 0: above 0 the exponential of 0 is exactly 1.
@inline(__always)
private func exponentialUnit(_ value: Vector) -> Vector {
  let positive = rectified(value)
  return positive + (exponential(ofNegative: value - positive) - broadcast(1))
}

@inline(__always)
private func exponential(ofNegative value: Vector) -> Vector {
  // Below this the result is 1e-38 or less, and nothing of it is left when 1 is taken away.
  let y = value.replacing(with: -87, where: value .< -87)
  // A float of this size has no digits behind the point: adding it rounds, and leaves the whole number
  // plus the exponent's bias in the lowest bits.
  let magic = broadcast(12_582_912 + 127)
  let shifted = multiplyAdd(magic, y, broadcast(1.442_695))
  let whole = shifted - magic
  // ln 2 in two parts; the first has so few digits that its product with the whole number is exact.
  let r = multiplyAdd(
    multiplyAdd(y, whole, broadcast(-0.693_359_375)), whole, broadcast(2.121_944_4e-4))
  var sum = broadcast(1 / 5040)
  sum = multiplyAdd(broadcast(1 / 720), sum, r)
  sum = multiplyAdd(broadcast(1 / 120), sum, r)
  sum = multiplyAdd(broadcast(1 / 24), sum, r)
  sum = multiplyAdd(broadcast(1 / 6), sum, r)
  sum = multiplyAdd(broadcast(0.5), sum, r)
  sum = multiplyAdd(broadcast(1), sum, r)
  sum = multiplyAdd(broadcast(1), sum, r)
  return sum * unsafeBitCast(unsafeBitCast(shifted, to: Words.self) &<< 23, to: Vector.self)
}
