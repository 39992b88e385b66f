import KernelInterface

extension DenseLayer {
  /// Writes the outputs that are left over, and zeros behind them, for `count` points.
  ///
  /// As a panel of their own three outputs take as long as sixteen: 1.3 % of the published decoder.
  @inline(__always)
  func applyLeftOver(
    to points: PointRows, count: Int, start: PointRows?, residual: PointRows?,
    into results: PointRows, writesPairs: Bool
  ) {
    switch leftOver {
    case 0: return
    case 1: LeftOver<1>.run(self, points, count, start, residual, results, writesPairs)
    case 2: LeftOver<2>.run(self, points, count, start, residual, results, writesPairs)
    case 3: LeftOver<3>.run(self, points, count, start, residual, results, writesPairs)
    default: LeftOver<4>.run(self, points, count, start, residual, results, writesPairs)
    }
  }
}

/// A few outputs of a layer, each the dot product of a point's values and a row of weights.
private struct LeftOver<let outputs: Int> {
  private typealias Sums = InlineArray<outputs, PartialSums>

  @inline(never)
  static func run(
    _ layer: DenseLayer, _ points: PointRows, _ count: Int, _ start: PointRows?,
    _ residual: PointRows?, _ results: PointRows, _ writesPairs: Bool
  ) {
    for point in 0..<count {
      let values = points.values + point * points.stride
      let sums =
        layer.precision == .bfloat16 ? pairSums(layer, values) : sums(layer, values)
      let first = layer.outputs
      let begin = start.map { UnsafePointer($0.values) + point * $0.stride } ?? layer.bias
      // A pair takes half the place, so floats fit where they belong before they are rounded.
      let row = results.values + point * results.stride
      let granule = row + first
      for index in 0..<16 / lanes { store(broadcast(0), to: granule + index * lanes) }
      for output in 0..<outputs {
        var result = treeSum(sums[output]) + begin[first + output]
        if layer.rectified && result < 0 { result = 0 }
        if let residual { result += residual.values[point * residual.stride + first + output] }
        granule[output] = result
      }
      guard writesPairs else { continue }
      for index in 0..<16 / lanes {
        storePairs(load(granule + index * lanes), to: row + (first + index * lanes) / 2)
      }
    }
  }

  @inline(__always)
  private static func sums(_ layer: DenseLayer, _ values: UnsafeMutablePointer<Float>) -> Sums {
    accumulated(layer, values) { multiplyAdd($0, $1, $2) }
  }

  @inline(__always)
  private static func pairSums(
    _ layer: DenseLayer, _ values: UnsafeMutablePointer<Float>
  ) -> Sums {
    accumulated(layer, values) { multiplyAddPairs($0, $1, $2) }
  }

  @inline(__always)
  private static func accumulated(
    _ layer: DenseLayer, _ values: UnsafeMutablePointer<Float>,
    _ add: (Vector, Vector, Vector) -> Vector
  ) -> Sums {
    let steps = layer.steps
    let weights = layer.weights + layer.outputs * steps
    var sums = Sums(repeating: PartialSums(repeating: broadcast(0)))
    for v in 0..<16 / lanes {
      // One vector of every output's sums at a time: all of them do not stay in 16 or 32 registers.
      var vectors = InlineArray<outputs, Vector>(repeating: broadcast(0))
      var step = v * lanes
      while step < steps {
        let value = load(values + step)
        for output in 0..<outputs {
          vectors[output] = add(vectors[output], value, load(weights + output * steps + step))
        }
        step += 16
      }
      for output in 0..<outputs { sums[output][v] = vectors[output] }
    }
    return sums
  }
}
