import CSIMD
import KernelInterface

/// A plane of a convolution at Winograd's points: `PlaneConvolutionArguments`.
///
/// 1. At each of 36 points the tiles' numbers are multiplied with the filters as by a 1x1x1 layer of
///    three times the operands; then `A^T m A` of every tile, and what follows the sum.
/// 2. Scratch is aligned to 64 bytes; only voxels of the plane are written.
/// 3. Some rows of tiles at a time: their products stay in L2, a point's operands and filters in L1.
/// 4. The numbers at the points are at most 8 times as large as the inputs, filters at most 1.2 times as
///    the taps, per axis; tests `PlaneConvolutionTests`.
/// 5. One core of AMD family 26: see the module's README.
func convolvePlane(_ arguments: PlaneConvolutionArguments) {
  assert(arguments.output.channels % FeatureLayout.channelGranule == 0)
  assert(UInt(bitPattern: arguments.scratch) % 64 == 0)
  let work = PlaneWork(arguments)
  let tilesI = (arguments.width + 3) / 4
  let tileRows = (arguments.height + 3) / 4
  let rowsAtOnce = PlaneConvolutionArguments.tiles(width: arguments.width) / tilesI
  var row = 0
  while row < tileRows {
    let rows = min(rowsAtOnce, tileRows - row)
    multiply(arguments, work, firstTile: row * tilesI, count: rows * tilesI)
    for j in 0..<rows {
      for i in 0..<tilesI {
        finishTile(arguments, work, tile: j * tilesI + i, i: i, j: row + j)
      }
    }
    row += rows
  }
}

/// The parts of the scratch memory.
private struct PlaneWork {
  let table: UnsafeMutablePointer<Segment>
  /// One tile between its transforms.
  let tile: UnsafeMutablePointer<Float>
  let zeros: UnsafeMutablePointer<Float>
  /// `[point][tile][output]`.
  let products: UnsafeMutablePointer<Float>
  let pointStride: Int

  @inline(__always)
  init(_ arguments: PlaneConvolutionArguments) {
    let outputs = arguments.output.channels
    table = UnsafeMutableRawPointer(arguments.scratch).bindMemory(
      to: Segment.self, capacity: arguments.operandCount)
    tile = arguments.scratch + 16 * arguments.operandCount
    zeros = tile + 24 * FeatureLayout.channelGranule
    products = zeros + outputs
    // So that points do not share cache sets.
    pointStride = PlaneConvolutionArguments.tiles(width: arguments.width) * outputs + 16
    var index = 0
    while index < outputs {
      store(broadcast(0), to: zeros + index)
      index += lanes
    }
  }
}

@inline(__always)
private func multiply(
  _ arguments: PlaneConvolutionArguments, _ work: PlaneWork, firstTile: Int, count: Int
) {
  let outputs = arguments.output.channels
  for point in 0..<WinogradPoints.planar {
    fetch(arguments, firstTile: firstTile, part: point)
    for index in 0..<arguments.operandCount {
      let operand = arguments.operands[index]
      (work.table + index).initialize(
        to: Segment(
          values: operand.values + point * operand.pointStride + firstTile * operand.tileStride,
          stride: operand.tileStride, length: operand.steps))
    }
    let filters = arguments.filters + point * arguments.steps * outputs
    let products = work.products + point * work.pointStride
    var channel = 0
    while channel < outputs {
      let width = Tiling.layout.width(ofPanelAt: channel, channels: outputs)
      var task = PanelTask(
        segments: UnsafePointer(work.table), segmentCount: arguments.operandCount,
        weights: filters + channel * arguments.steps + arguments.firstStep * width,
        start: UnsafePointer(work.zeros), startStride: 0, destination: products + channel,
        destinationStride: outputs, rowCount: count)
      task.readsPairs = true
      Tiling.run(task, vectors: width / lanes)
      channel += width
    }
  }
}

/// Asks for a part of what the results are combined with and of what comes next, while products are
/// computed: read as it comes, tile by tile, it would cost as much time as the products.
@inline(__always)
private func fetch(_ arguments: PlaneConvolutionArguments, firstTile: Int, part: Int) {
  let tilesI = (arguments.width + 3) / 4
  let lines = arguments.width * arguments.output.voxelStride / 16
  var row = firstTile / tilesI * 4 + part
  let end = min(
    arguments.height,
    (firstTile + PlaneConvolutionArguments.tiles(width: arguments.width)) / tilesI * 4)
  while row < end {
    if let residual = arguments.residual, !residual.isBroadcast {
      let first = residual.table.row(plane: 0, row: row)
      for line in 0..<lines { csimd_prefetch(first + 16 * line) }
    }
    if let activations = arguments.activations {
      for line in 0..<lines { csimd_prefetch(activations[row] + 16 * line) }
    }
    row += WinogradPoints.planar
  }
  for index in 0..<arguments.upcomingCount {
    let memory = arguments.upcoming[index]
    let lines = (memory.floats / 16 + WinogradPoints.planar - 1) / WinogradPoints.planar
    for line in part * lines..<(part + 1) * lines {
      csimd_prefetch_l2(memory.first + 16 * line)
    }
  }
}

/// From a tile's products to its voxels: along j, then along i.
@inline(__always)
private func finishTile(
  _ arguments: PlaneConvolutionArguments, _ work: PlaneWork, tile: Int, i: Int, j: Int
) {
  let outputs = arguments.output.channels
  let stride = work.pointStride
  let columns = min(4, arguments.width - 4 * i)
  let rows = min(4, arguments.height - 4 * j)
  var channel = 0
  while channel < outputs {
    let products = work.products + tile * outputs + channel
    for place in 0..<6 {
      transformOutput(
        products + place * stride, stride: 6 * stride, to: work.tile + place * lanes,
        targetStride: 6 * lanes, isLong: true)
    }
    let bias = load(arguments.bias + channel)
    for row in 0..<rows {
      let line = work.tile + 6 * row * lanes
      let voxels = transformOutput(
        load(line), load(line + lanes), load(line + 2 * lanes), load(line + 3 * lanes),
        load(line + 4 * lanes), load(line + 5 * lanes))
      let end = PlaneRow(arguments, row: 4 * j + row, column: 4 * i, channel: channel)
      end.save(voxels.0 + bias, 0)
      if columns > 1 { end.save(voxels.1 + bias, 1) }
      if columns > 2 { end.save(voxels.2 + bias, 2) }
      if columns > 3 { end.save(voxels.3 + bias, 3) }
    }
    channel += lanes
  }
}

/// Four voxels of a row, and what is added to them.
private struct PlaneRow {
  let target: UnsafeMutablePointer<Float>
  let stride: Int
  let rectifies: Bool
  let residual: UnsafePointer<Float>?
  let residualStride: Int
  let residualIsBroadcast: Bool
  let activations: UnsafePointer<Float>?

  @inline(__always)
  init(_ arguments: PlaneConvolutionArguments, row: Int, column: Int, channel: Int) {
    stride = arguments.output.voxelStride
    target = arguments.output.rows[row] + column * stride + channel
    rectifies = arguments.rectified
    if let operand = arguments.residual {
      residualStride = operand.table.voxelStride
      residualIsBroadcast = operand.isBroadcast
      residual =
        operand.table.row(plane: 0, row: row) + column * residualStride
        + (operand.isBroadcast ? 0 : channel)
    } else {
      (residual, residualStride, residualIsBroadcast) = (nil, 0, false)
    }
    if let rows = arguments.activations {
      activations = rows[row] + column * stride + channel
    } else {
      activations = nil
    }
  }

  @inline(__always)
  func save(_ sum: Vector, _ voxel: Int) {
    var result = rectifies ? rectified(sum) : sum
    if let residual {
      let value = residual + voxel * residualStride
      result += residualIsBroadcast ? broadcast(value.pointee) : load(value)
    }
    if let activations {
      result = result.replacing(with: 0, where: load(activations + voxel * stride) .<= 0)
    }
    store(result, to: target + voxel * stride)
  }
}
