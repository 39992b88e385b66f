import KernelInterface

/// Rows two by two as pairs of bfloat16: `PairRowsArguments`.
func pairRows(_ arguments: PairRowsArguments) {
  assert(arguments.length % lanes == 0)
  var row = 0
  while row < arguments.count {
    let first = arguments.rows + row * arguments.stride
    let target = arguments.pairs + row / 2 * arguments.length
    let hasSecond = row + 1 < arguments.count
    var index = 0
    while index < arguments.length {
      let second = hasSecond ? load(first + arguments.stride + index) : broadcast(0)
      store(lanePairs(load(first + index), second), to: target + index)
      index += lanes
    }
    row += 2
  }
}
