import KernelInterface

/// `B^T d B` by the definition.
func referencePlaneInputs(_ arguments: PlaneTransformArguments) {
  transform(arguments, PointMatrix.inputs, side: 6)
}

/// `A e A^T` by the definition.
func referencePlaneGradients(_ arguments: PlaneTransformArguments) {
  transform(arguments, PointMatrix.gradients, side: 4)
}

private func transform(_ arguments: PlaneTransformArguments, _ matrix: [[Double]], side: Int) {
  let tilesI = (arguments.width + 3) / 4
  let count = tilesI * arguments.tileRows
  for channel in 0..<arguments.channels {
    let tiles = (0..<count + count % 2).map { tile -> [Float] in
      guard tile < count else { return [Float](repeating: 0, count: WinogradPoints.planar) }
      let square = (0..<side * side).map { place -> Double in
        let column = 4 * (tile % tilesI) - (side - 4) / 2 + place % side
        guard (0..<arguments.width).contains(column) else { return 0 }
        let row = arguments.rows[4 * (tile / tilesI) + place / side]
        return Double(row[column * arguments.voxelStride + channel])
      }
      return PointMatrix.applyInPlane(matrix, square).map(Float.init)
    }
    for point in 0..<WinogradPoints.planar {
      put(arguments, tiles.map { $0[point] }, point: point, channel: channel)
    }
  }
}

/// Stores one channel's numbers of all tiles at a point.
private func put(
  _ arguments: PlaneTransformArguments, _ tiles: [Float], point: Int, channel: Int
) {
  let channels = arguments.channels
  if let tilePairs = arguments.tilePairs {
    for pair in 0..<tiles.count / 2 {
      tilePairs[point * arguments.tilePairStride + pair * channels + channel] = BFloat16.pair(
        tiles[2 * pair], tiles[2 * pair + 1])
    }
  }
  guard let values = arguments.values else { return }
  for tile in tiles.indices {
    let place = point * arguments.pointStride + (tile * channels + channel) / 2
    let other = BFloat16.values(values[place])
    values[place] =
      channel % 2 == 0
      ? BFloat16.pair(tiles[tile], 0) : BFloat16.pair(other.0, tiles[tile])
  }
}

/// Filters of a plane of the kernel by the definition.
func referencePlaneFilters(_ arguments: FilterTransformArguments) {
  let (channels, width) = (arguments.channels, arguments.width)
  let matrix = PointMatrix.turned(PointMatrix.taps)
  func atPoints(_ channel: Int, _ output: Int) -> [Float] {
    guard channel < channels else { return [Float](repeating: 0, count: WinogradPoints.planar) }
    let taps = (0..<9).map { Double(arguments.taps[($0 * channels + channel) * width + output]) }
    return PointMatrix.applyInPlane(matrix, taps).map(Float.init)
  }
  for output in 0..<width {
    for channel in stride(from: 0, to: channels, by: 2) {
      let (first, second) = (atPoints(channel, output), atPoints(channel + 1, output))
      for point in 0..<WinogradPoints.planar {
        let target = arguments.filters + point * arguments.frequencyStride + output
        target[channel / 2 * width] = BFloat16.pair(first[point], second[point])
      }
    }
  }
}

/// A plane of a convolution by the definition.
func referencePlaneConvolution(_ arguments: PlaneConvolutionArguments) {
  let tilesI = (arguments.width + 3) / 4
  let turned = PointMatrix.turned(PointMatrix.gradients)
  for tile in 0..<tilesI * ((arguments.height + 3) / 4) {
    for output in 0..<arguments.output.channels {
      let products = (0..<WinogradPoints.planar).map {
        product(arguments, tile: tile, output: output, point: $0)
      }
      for (place, sum) in PointMatrix.applyInPlane(turned, products).enumerated() {
        let (column, row) = (4 * (tile % tilesI) + place % 4, 4 * (tile / tilesI) + place / 4)
        guard column < arguments.width, row < arguments.height else { continue }
        finish(arguments, Float(sum), row: row, column: column, output: output)
      }
    }
  }
}

private func product(
  _ arguments: PlaneConvolutionArguments, tile: Int, output: Int, point: Int
) -> Double {
  let outputs = arguments.output.channels
  let panel = output / referencePanelWidth * referencePanelWidth
  var filter =
    arguments.filters + point * arguments.steps * outputs + panel * arguments.steps
    + arguments.firstStep * referencePanelWidth + output - panel
  var sum = 0.0
  for index in 0..<arguments.operandCount {
    let operand = arguments.operands[index]
    let values = operand.values + point * operand.pointStride + tile * operand.tileStride
    for step in 0..<operand.steps {
      let (a, b) = (BFloat16.values(values[step]), BFloat16.values(filter.pointee))
      sum += Double(a.0) * Double(b.0) + Double(a.1) * Double(b.1)
      filter += referencePanelWidth
    }
  }
  return sum
}

private func finish(
  _ arguments: PlaneConvolutionArguments, _ sum: Float, row: Int, column: Int, output: Int
) {
  let place = column * arguments.output.voxelStride + output
  var result = sum + arguments.bias[output]
  if arguments.rectified { result = max(result, 0) }
  if let residual = arguments.residual {
    let voxel = residual.table.row(plane: 0, row: row) + column * residual.table.voxelStride
    result += residual.isBroadcast ? voxel.pointee : voxel[output]
  }
  if let activations = arguments.activations, activations[row][place] <= 0 { result = 0 }
  arguments.output.rows[row][place] = result
}

/// `G^T s G` by the definition.
func referencePlaneFilterGradient(_ arguments: FilterGradientArguments) {
  for output in 0..<arguments.outputs {
    let sums = (0..<WinogradPoints.planar).map {
      Double(arguments.values[$0 * arguments.frequencyStride + output])
    }
    for (tap, value) in PointMatrix.applyInPlane(PointMatrix.taps, sums).enumerated() {
      arguments.gradient[tap * arguments.tapStride + output] += Float(value)
    }
  }
}
