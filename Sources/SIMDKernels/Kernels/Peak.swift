import KernelInterface

/// Multiply-adds on 14 independent sums in registers: two pipes with a latency of 4 cycles need 8 of
/// them, two with 6 (multiply, then add: SSE4.2) need 12, and 14 with both operands fill the 16
/// registers of AVX2.
func peak(iterations: Int, buffer: UnsafeMutablePointer<Float>) -> Int {
  var sums = InlineArray<14, Vector>(repeating: load(buffer))
  let factor = load(buffer + 16)
  let term = load(buffer + 32)
  for _ in 0..<iterations {
    for index in sums.indices { sums[index] = multiplyAdd(term, sums[index], factor) }
  }
  // A result that is stored cannot be optimised away.
  var total = broadcast(0)
  for index in sums.indices { total += sums[index] }
  store(total, to: buffer + 48)
  return iterations * 14 * lanes * 2
}

/// The same on pairs of bfloat16 numbers, two multiply-adds per lane.
func peakOfPairs(iterations: Int, buffer: UnsafeMutablePointer<Float>) -> Int {
  var sums = InlineArray<14, Vector>(repeating: load(buffer))
  let factor = load(buffer + 16)
  let term = load(buffer + 32)
  for _ in 0..<iterations {
    for index in sums.indices { sums[index] = multiplyAddPairs(sums[index], term, factor) }
  }
  var total = broadcast(0)
  for index in sums.indices { total += sums[index] }
  store(total, to: buffer + 48)
  return iterations * 14 * lanes * 4
}
