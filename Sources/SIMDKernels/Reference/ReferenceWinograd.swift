import KernelInterface

/// Plain loops over `WinogradArguments`: every transform is a product with its matrix.
func referenceWinograd(_ arguments: WinogradArguments, precision: Precision) {
  for j in arguments.tilesJ {
    for i in arguments.tilesI {
      ReferenceTile(
        arguments,
        tiles: [arguments.axes.i.tile(i), arguments.axes.j.tile(j), arguments.tileK],
        precision: precision
      ).compute()
    }
  }
}

/// Floats of scratch of ``referenceWinograd(_:)``: values and products of a tile, and two cubes between
/// the passes of a transform.
func referenceWinogradScratch(inputChannels: Int, outputChannels: Int) -> Int {
  WinogradPoints.frequencies * (inputChannels + outputChannels + 2)
}

/// One tile, all channels.
private struct ReferenceTile {
  let arguments: WinogradArguments
  /// Along i, j, k.
  let tiles: [WinogradTile]
  /// The matrices along i, j, k.
  let matrices: [WinogradMatrices]
  let precision: Precision

  init(_ arguments: WinogradArguments, tiles: [WinogradTile], precision: Precision) {
    self.arguments = arguments
    self.tiles = tiles
    self.precision = precision
    matrices = tiles.map { WinogradMatrices(isLong: $0.isLong) }
  }

  private var cubes: UnsafeMutablePointer<Float> { arguments.scratch }
  private var values: UnsafeMutablePointer<Float> {
    arguments.scratch + 2 * WinogradPoints.frequencies
  }

  func compute() {
    let frequencies = WinogradPoints.frequencies
    var channels = 0
    for index in 0..<arguments.inputCount {
      let input = arguments.inputs[index]
      for channel in 0..<input.channels {
        gather(input, channel: channel)
        transform(matrices.map(\.input))
        for frequency in 0..<frequencies {
          values[channels * frequencies + frequency] = cubes[frequency]
        }
        channels += 1
      }
      // No pair holds channels of two inputs.
      if precision == .bfloat16 && channels % 2 == 1 {
        (values + channels * frequencies).update(repeating: 0, count: frequencies)
        channels += 1
      }
    }
    for output in 0..<arguments.output.channels {
      multiply(output: output, channels: channels)
      transform(matrices.map(\.output))
      finish(output: output)
    }
  }

  /// The voxel at which rows begin.
  private var firstColumn: Int { arguments.axes.i.tile(arguments.tilesI.lowerBound).lower }
  /// The first row of the inputs' tables.
  private var firstReadRow: Int { arguments.axes.j.tile(arguments.tilesJ.lowerBound).start - 1 }

  /// The channel's voxels, zero outside the volume, as a cube of 6 x 6 x 6.
  private func gather(_ input: ConvolutionInput, channel: Int) {
    for index in 0..<WinogradPoints.frequencies {
      let column = tiles[0].start - 1 + index % 6
      let (row, plane) = (index / 6 % 6, index / 36)
      let isRead =
        (0..<arguments.axes.i.size).contains(column) && row < tiles[1].length + 2
        && plane < tiles[2].length + 2
      cubes[index] =
        isRead
        ? input.table.row(plane: plane, row: tiles[1].start - 1 - firstReadRow + row)[
          (column - firstColumn) * input.table.voxelStride + channel] : 0
    }
  }

  /// Multiplies the cube by a matrix along i, then j, then k; lines have six places in all passes.
  private func transform(_ matrices: [[[Float]]]) {
    let target = cubes + WinogradPoints.frequencies
    for (axis, stride) in [1, 6, 36].enumerated() {
      for line in 0..<WinogradPoints.frequencies where line / stride % 6 == 0 {
        for (place, row) in matrices[axis].enumerated() {
          var sum: Float = 0
          for (step, factor) in row.enumerated() { sum += factor * cubes[line + step * stride] }
          target[line + place * stride] = sum
        }
      }
      cubes.update(from: target, count: WinogradPoints.frequencies)
    }
  }

  private func multiply(output: Int, channels: Int) {
    let frequencies = WinogradPoints.frequencies
    let panel = output / referencePanelWidth * referencePanelWidth
    let steps = precision == .bfloat16 ? channels / 2 : channels
    for frequency in 0..<frequencies {
      let filters =
        arguments.filters + frequency * steps * arguments.output.channels + panel * steps
        + output - panel
      var sum: Float = 0
      for step in 0..<steps {
        let filter = filters[step * referencePanelWidth]
        switch precision {
        case .float32: sum += values[step * frequencies + frequency] * filter
        case .bfloat16:
          let pair = BFloat16.values(filter)
          let first = values + 2 * step * frequencies + frequency
          sum += BFloat16.rounded(first[0]) * pair.0
          sum += BFloat16.rounded(first[frequencies]) * pair.1
        }
      }
      cubes[frequency] = sum
    }
  }

  /// Bias, ReLU, residual.
  private func finish(output channel: Int) {
    let rows = arguments.axes.j.voxels(of: arguments.tilesJ)
    for k in tiles[2].lower..<tiles[2].upper {
      for j in tiles[1].lower..<tiles[1].upper {
        for i in tiles[0].lower..<tiles[0].upper {
          let place =
            ((k - tiles[2].start) * 6 + j - tiles[1].start) * 6 + i - tiles[0].start
          var value = cubes[place] + arguments.bias[channel]
          if arguments.rectified && value < 0 { value = 0 }
          let row =
            (k - tiles[2].lower) * rows.count + j - rows.lowerBound
          if let residual = arguments.residual {
            value +=
              residual.table.rows[row][
                (i - firstColumn) * residual.table.voxelStride
                  + (residual.isBroadcast ? 0 : channel)]
          }
          arguments.output.rows[row][(i - firstColumn) * arguments.output.voxelStride + channel] =
            value
        }
      }
    }
  }
}

/// The matrices of F(4) or F(2) along one axis, as rows; see `WinogradPoints`.
struct WinogradMatrices {
  /// B^T: six rows, those of the points that F(2) lacks empty.
  let input: [[Float]]
  /// A^T: a row per output.
  let output: [[Float]]

  init(isLong: Bool) {
    let (p, q) = (WinogradPoints.inner, WinogradPoints.outer)
    let (p2, q2) = (p * p, q * q)
    if isLong {
      input = [
        [p2 * q2, 0, -(p2 + q2), 0, 1, 0],
        [0, -p * q2, -q2, p, 1, 0],
        [0, p * q2, -q2, -p, 1, 0],
        [0, -q * p2, -p2, q, 1, 0],
        [0, q * p2, -p2, -q, 1, 0],
        [0, p2 * q2, 0, -(p2 + q2), 0, 1],
      ]
      output = [
        [1, 1, 1, 1, 1, 0],
        [0, p, -p, q, -q, 0],
        [0, p2, p2, q2, q2, 0],
        [0, p2 * p, -p2 * p, q2 * q, -q2 * q, 1],
      ]
    } else {
      // F(4)'s filters are divided by its own products of distances: the factors make up for it.
      let factor = p2 - q2
      input = [
        [q2 * p2, 0, -q2, 0], [0, factor * p, factor, 0], [0, -factor * p, factor, 0], [], [],
        [0, -p2, 0, 1],
      ]
      output = [[1, 1, 1, 0, 0, 0], [0, p, -p, 0, 0, 1]]
    }
  }
}
