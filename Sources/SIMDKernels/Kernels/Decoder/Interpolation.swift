import KernelInterface

/// Interpolates the pre-activations of a tile's points along i.
///
/// At scale 2 or more most neighbours lie between the same two voxels; taking them in pairs loads
/// everything but their weights once: 2 % of the peak in the decoder of the interim model.
@inline(__always)
func interpolateTile(
  _ arguments: RowDecoderArguments, _ blended: UnsafeMutablePointer<Float>, first: Int, count: Int,
  activations: PointRows, skip: PointRows
) {
  var index = 0
  while index < count {
    let point = first + index
    let results = InterpolationResults(
      activations: activations.values + index * activations.stride,
      activationStride: activations.stride, skip: skip.values + index * skip.stride,
      skipStride: skip.stride)
    let isPair =
      index + 1 < count && arguments.tap0[point] == arguments.tap0[point + 1]
      && arguments.tap1[point] == arguments.tap1[point + 1]
    if isPair {
      Interpolation<2>.run(arguments, blended, point: point, into: results)
      index += 2
    } else {
      Interpolation<1>.run(arguments, blended, point: point, into: results)
      index += 1
    }
  }
}

/// Where the pre-activations of neighbouring points go: stage one's rectified, stage two's as they
/// are.
private struct InterpolationResults {
  var activations: UnsafeMutablePointer<Float>
  var activationStride: Int
  var skip: UnsafeMutablePointer<Float>
  var skipStride: Int
}

/// Interpolation of `points` points between the same two LR voxels.
private struct Interpolation<let points: Int> {
  private typealias Vectors = InlineArray<points, Vector>

  @inline(__always)
  static func run(
    _ arguments: RowDecoderArguments, _ blended: UnsafeMutablePointer<Float>, point: Int,
    into results: InterpolationResults
  ) {
    let hidden = arguments.hidden
    let voxel0 = blended + Int(arguments.tap0[point]) * 2 * hidden
    let voxel1 = blended + Int(arguments.tap1[point]) * 2 * hidden
    let coordinates = Vectors { broadcast(arguments.coordinates[point + $0]) }
    let weights0 = Vectors { broadcast(arguments.weight0[point + $0]) }
    let weights1 = Vectors { broadcast(arguments.weight1[point + $0]) }
    @inline(__always)
    func sums(_ index: Int) -> Vectors {
      let constant = load(arguments.constants + index)
      let column = load(arguments.coordinateColumn + index)
      let value0 = load(voxel0 + index)
      let value1 = load(voxel1 + index)
      return Vectors { p in
        var sum = multiplyAdd(constant, coordinates[p], column)
        sum = multiplyAdd(sum, weights0[p], value0)
        return multiplyAdd(sum, weights1[p], value1)
      }
    }
    var index = 0
    while index < hidden {
      let stageOne = sums(index)
      for p in 0..<points {
        store(
          rectified(stageOne[p]),
          to: results.activations + p * results.activationStride + index)
      }
      index += lanes
    }
    index = 0
    while index < hidden {
      let stageTwo = sums(hidden + index)
      for p in 0..<points {
        store(stageTwo[p], to: results.skip + p * results.skipStride + index)
      }
      index += lanes
    }
  }
}
