import KernelInterface

/// Rows of floats, one per point of a tile.
struct PointRows {
  var values: UnsafeMutablePointer<Float>
  /// Floats from a point to the next.
  var stride: Int
}

extension DenseLayer {
  /// Writes `post(start + W x) + residual` for `count` points; `start` is the bias where nil.
  ///
  /// `points` and `results` hold floats or pairs of bfloat16, `start` and `residual` floats.
  ///
  /// The points of a tile are the rows of a ``PanelTask``. A panel (64 KiB for 256 inputs on
  /// AVX-512) streams from L2 for every register tile; cutting it into passes that stay in L1 costs
  /// more than it saves. The weights of a published decoder (1.3 MB) do not stay in L2, so each
  /// register tile asks for its share of the next layer's.
  @inline(__always)
  func apply(
    to points: PointRows, count: Int, start: PointRows?, residual: PointRows?,
    into results: PointRows, writesPairs: Bool, memory: LayerMemory, next: DenseLayer,
    counts: UnsafeMutablePointer<UnitCount>?
  ) {
    memory.segment.initialize(
      to: Segment(
        values: UnsafePointer(points.values), stride: points.stride, length: steps))
    let widest = Tiling.layout.width(ofPanelAt: 0, channels: outputs)
    let maximum = Tiling.maximumRows(vectors: widest / lanes, readsPairs: precision == .bfloat16)
    let tiles = RowTiles(count, maximum: maximum)
    var task = PanelTask(
      segments: UnsafePointer(memory.segment), segmentCount: 1, weights: weights, start: bias,
      startStride: 0, destination: results.values, destinationStride: results.stride,
      rowCount: count)
    task.rectified = rectified
    task.readsPairs = precision == .bfloat16
    task.writesPairs = writesPairs
    if let start {
      task.start = UnsafePointer(start.values)
      task.startStride = start.stride
    }
    if let residual {
      task.residual = UnsafePointer(residual.values)
      task.residualStride = residual.stride
    }
    if rectified {
      task.used = memory.usedUnits(of: points, tiles, length: steps, counts: counts)
    }
    task.upcoming = next.weights
    var channel = 0
    while channel < outputs {
      let width = Tiling.layout.width(ofPanelAt: channel, channels: outputs)
      // Cache lines of all next weights, by this panel's share of the outputs and by tile.
      task.upcomingLinesPerTile = next.steps * next.outputs * width / (16 * outputs * tiles.count)
      Tiling.run(task, vectors: width / lanes, tiles)
      task.upcoming += task.upcomingLinesPerTile * tiles.count * 16
      task.weights += width * steps
      task.start += width
      task.destination += writesPairs ? width / 2 : width
      task.residual = task.residual.map { $0 + width }
      channel += width
    }
    applyLeftOver(
      to: points, count: count, start: start, residual: residual, into: results,
      writesPairs: writesPairs)
  }
}
