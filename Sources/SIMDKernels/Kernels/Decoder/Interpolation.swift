import KernelInterface

/// Interpolates the pre-activations of a strip's points along i; points lie column by column.
///
/// At scale 2 or more most neighbours lie between the same two voxels; taking them in pairs loads
/// everything but their weights once: 2 % of the peak in the decoder of the interim model.
@inline(__always)
func interpolate(
  _ strip: Strip, _ arguments: RowDecoderArguments, _ blended: BlendedVoxels,
  activations: PointRows, skip: PointRows
) {
  let rowCount = arguments.rowCount
  let writesPairs = arguments.stack.readsPairs(0)
  var column = 0
  while column < strip.count {
    let place = strip.first + column
    let isPair =
      column + 1 < strip.count && arguments.tap0[place] == arguments.tap0[place + 1]
      && arguments.tap1[place] == arguments.tap1[place + 1]
    for row in 0..<rowCount {
      let point = column * rowCount + row
      let operands = InterpolationOperands(
        constants: arguments.rows[row].constants,
        voxel0: blended.voxel(Int(arguments.tap0[place]), row: row),
        voxel1: blended.voxel(Int(arguments.tap1[place]), row: row),
        activations: activations.values + point * activations.stride,
        activationStride: rowCount * activations.stride,
        skip: skip.values + point * skip.stride, skipStride: rowCount * skip.stride)
      if isPair {
        Interpolation<2>.run(arguments, operands, place: place, writesPairs: writesPairs)
      } else {
        Interpolation<1>.run(arguments, operands, place: place, writesPairs: writesPairs)
      }
    }
    column += isPair ? 2 : 1
  }
}

/// What neighbouring places of one row read, and where their pre-activations go: stage one's
/// rectified, stage two's as they are.
private struct InterpolationOperands {
  var constants: UnsafePointer<Float>
  var voxel0: UnsafeMutablePointer<Float>
  var voxel1: UnsafeMutablePointer<Float>
  var activations: UnsafeMutablePointer<Float>
  /// Floats from a place to the next.
  var activationStride: Int
  var skip: UnsafeMutablePointer<Float>
  var skipStride: Int
}

/// Interpolation of `points` places between the same two LR voxels.
private struct Interpolation<let points: Int> {
  private typealias Vectors = InlineArray<points, Vector>

  @inline(__always)
  static func run(
    _ arguments: RowDecoderArguments, _ operands: InterpolationOperands, place: Int,
    writesPairs: Bool
  ) {
    let hidden = arguments.hidden
    let coordinates = Vectors { broadcast(arguments.coordinates[place + $0]) }
    let weights0 = Vectors { broadcast(arguments.weight0[place + $0]) }
    let weights1 = Vectors { broadcast(arguments.weight1[place + $0]) }
    @inline(__always)
    func sums(_ index: Int) -> Vectors {
      let constant = load(operands.constants + index)
      let column = load(arguments.coordinateColumn + index)
      let value0 = load(operands.voxel0 + index)
      let value1 = load(operands.voxel1 + index)
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
        let target = operands.activations + p * operands.activationStride
        if writesPairs {
          storePairs(rectified(stageOne[p]), to: target + index / 2)
        } else {
          store(rectified(stageOne[p]), to: target + index)
        }
      }
      index += lanes
    }
    index = 0
    while index < hidden {
      let stageTwo = sums(hidden + index)
      for p in 0..<points {
        store(stageTwo[p], to: operands.skip + p * operands.skipStride + index)
      }
      index += lanes
    }
  }
}
