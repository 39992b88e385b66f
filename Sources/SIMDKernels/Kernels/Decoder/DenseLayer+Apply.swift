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
  /// The points of a tile are the rows of a ``PanelTask``. A panel (64 KiB for 256 inputs on
  /// AVX-512) streams from L2 for every register tile; cutting it into passes that stay in L1 costs
  /// more than it saves. The weights of a published decoder (1.3 MB) do not stay in L2, so that each
  /// panel is fetched while the one before it is at work: 1.5 % of the peak.
  @inline(__always)
  func apply(
    to points: PointRows, count: Int, start: PointRows?, residual: PointRows?,
    into results: PointRows, segment: UnsafeMutablePointer<Segment>,
    nextLayer: UnsafePointer<Float>
  ) {
    segment.initialize(
      to: Segment(
        values: UnsafePointer(points.values), stride: points.stride, length: inputs))
    var channel = 0
    while channel < outputs {
      let width = Tiling.layout.width(ofPanelAt: channel, channels: outputs)
      var task = PanelTask(
        segments: UnsafePointer(segment), segmentCount: 1, weights: weights + channel * inputs,
        start: bias + channel, startStride: 0,
        destination: results.values + channel, destinationStride: results.stride, rowCount: count)
      if let start {
        task.start = UnsafePointer(start.values) + channel
        task.startStride = start.stride
      }
      if let residual {
        task.residual = UnsafePointer(residual.values) + channel
        task.residualStride = residual.stride
      }
      task.rectified = rectified
      channel += width
      task.upcoming = channel < outputs ? weights + channel * inputs : nextLayer
      Tiling.run(task, vectors: width / lanes)
    }
  }
}
