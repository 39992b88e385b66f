import CSIMD
import KernelInterface

/// 3x3 convolution of images by Winograd's algorithm, F(4x4, 3x3).
///
/// 1. Formula, layouts: `PlaneWinogradArguments`, `WinogradPoints`.
/// 2. No alignment is needed. Only voxels inside the rows' width are written.
/// 3. A block of tiles goes through its inputs' transform, one product of matrices per frequency (rows
///    are tiles) by ``RegisterTile``, and the inverse transform with bias and ReLU.
/// 4. Bound and test: `PlaneWinogradTests`.
/// 5. `Benchmarks/compare/measure_lpips.py` beside PyTorch: `metrics.md` of the results.
func convolvePlaneWinograd(_ arguments: PlaneWinogradArguments) {
  let block = PlaneWinogradBlock(arguments)
  let total = arguments.tileRows * arguments.tilesPerRow
  guard total > 0 else { return }
  // Blocks of about equal size, of whole register tiles.
  let largest = block.tiles
  let blocks = (total + largest - 1) / largest
  let size = min(largest, ((total + blocks - 1) / blocks + 5) / 6 * 6)
  var first = 0
  while first < total {
    let count = min(size, total - first)
    block.transformInputs(first: first, count: count)
    block.multiply(count: count)
    block.transformOutputs(first: first, count: count)
    first += count
  }
}

/// The memory of a block and its three steps.
struct PlaneWinogradBlock {
  let arguments: PlaneWinogradArguments
  let inputChannels: Int
  let outputChannels: Int
  /// Tiles of a full block.
  let tiles: Int
  /// The inputs at the points, `[frequency][tile][channel]`.
  let values: UnsafeMutablePointer<Float>
  /// Sums of products with the filters, in the same order.
  let products: UnsafeMutablePointer<Float>
  /// 36 vectors between the passes of a transform.
  let lines: UnsafeMutablePointer<Float>
  /// What sums begin with: 64 zeros, and behind them the segment of a product.
  let zeros: UnsafeMutablePointer<Float>

  @inline(__always)
  init(_ arguments: PlaneWinogradArguments) {
    self.arguments = arguments
    inputChannels = arguments.input.channels
    outputChannels = arguments.output.channels
    tiles = PlaneWinogradArguments.tilesPerBlock(
      inputChannels: inputChannels, outputChannels: outputChannels)
    zeros = arguments.scratch
    lines = zeros + 8 * FeatureLayout.channelGranule
    values = lines + 2 * PlaneWinogradArguments.frequencies * FeatureLayout.channelGranule
    products =
      values + PlaneWinogradArguments.frequencies
      * (tiles * inputChannels + PlaneWinogradArguments.padding)
    for index in 0..<4 * FeatureLayout.channelGranule { zeros[index] = 0 }
  }

  /// Floats from a frequency to the next.
  @inline(__always) private var valueStride: Int {
    tiles * inputChannels + PlaneWinogradArguments.padding
  }
  @inline(__always) private var productStride: Int {
    tiles * outputChannels + PlaneWinogradArguments.padding
  }

  @inline(never)
  func transformInputs(first: Int, count: Int) {
    let table = arguments.input.table
    for index in 0..<count {
      let (row, column) = place(first + index)
      let rows = table.rows + table.rowsPerPlane * row
      var channel = 0
      while channel < inputChannels {
        for voxel in 0..<6 {
          let offset = (4 * column + voxel - 1) * table.voxelStride + channel
          transformInput(
            load(rows[0] + offset), load(rows[1] + offset), load(rows[2] + offset),
            load(rows[3] + offset), load(rows[4] + offset), load(rows[5] + offset),
            to: lines + voxel * lanes, stride: 6 * lanes)
        }
        let target = values + index * inputChannels + channel
        for point in 0..<6 {
          transformInput(
            UnsafePointer(lines + point * (6 * lanes)), stride: lanes,
            to: target + point * 6 * valueStride, targetStride: valueStride, isLong: true)
        }
        channel += lanes
      }
    }
  }

  @inline(never)
  func multiply(count: Int) {
    let segment = segmentTable(in: arguments.scratch + 4 * FeatureLayout.channelGranule)
    segment[0] = Segment(
      values: UnsafePointer(values), stride: inputChannels, length: inputChannels)
    var weights = arguments.filters
    for frequency in 0..<PlaneWinogradArguments.frequencies {
      let target = products + frequency * productStride
      var channel = 0
      while channel < outputChannels {
        let width = Tiling.layout.width(ofPanelAt: channel, channels: outputChannels)
        let rows = RowTiles(count, maximum: Tiling.maximumRows(vectors: width / lanes))
        var task = PanelTask(
          segments: segment, segmentCount: 1, weights: weights, start: UnsafePointer(zeros),
          startStride: 0, destination: target + channel, destinationStride: outputChannels,
          rowCount: count)
        // The next panel's filters, in equal shares.
        weights += inputChannels * width
        task.upcoming = weights
        task.upcomingLinesPerTile = (inputChannels * width / 16 + rows.count - 1) / rows.count
        Tiling.run(task, vectors: width / lanes, rows)
        channel += width
      }
      segment[0].values += valueStride
    }
  }

  @inline(never)
  func transformOutputs(first: Int, count: Int) {
    for index in 0..<count {
      let (row, column) = place(first + index)
      let width = min(4, arguments.width - 4 * column)
      var channel = 0
      while channel < outputChannels {
        let source = products + index * outputChannels + channel
        for point in 0..<6 {
          transformOutput(
            UnsafePointer(source + point * productStride), stride: 6 * productStride,
            to: lines + point * lanes, targetStride: 6 * lanes, isLong: true)
        }
        let bias = load(arguments.bias + channel)
        for line in 0..<4 {
          let target =
            arguments.output.rows[4 * row + line]
            + 4 * column * arguments.output.voxelStride + channel
          let line = lines + line * (6 * lanes)
          let outputs = transformOutput(
            load(line), load(line + lanes), load(line + 2 * lanes), load(line + 3 * lanes),
            load(line + 4 * lanes), load(line + 5 * lanes))
          finish(outputs.0 + bias, to: target)
          if width > 1 { finish(outputs.1 + bias, to: target + arguments.output.voxelStride) }
          if width > 2 { finish(outputs.2 + bias, to: target + 2 * arguments.output.voxelStride) }
          if width > 3 { finish(outputs.3 + bias, to: target + 3 * arguments.output.voxelStride) }
        }
        channel += lanes
      }
    }
  }

  @inline(__always)
  private func finish(_ value: Vector, to target: UnsafeMutablePointer<Float>) {
    store(arguments.rectified ? rectified(value) : value, to: target)
  }

  /// Row and column of a tile.
  @inline(__always)
  private func place(_ tile: Int) -> (row: Int, column: Int) {
    let row = tile / arguments.tilesPerRow
    return (row, tile - row * arguments.tilesPerRow)
  }
}
