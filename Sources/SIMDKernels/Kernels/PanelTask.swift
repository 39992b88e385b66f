/// A part of a reduction whose values lie in one strided matrix: `values[row * stride + index]`.
struct Segment {
  var values: UnsafePointer<Float>
  /// Floats from a row (a voxel, a point) to the next.
  var stride: Int
  /// Reduction steps; within a row they are contiguous.
  var length: Int
}

/// The operands of one panel of output channels along a row of voxels or points: what every layer
/// reduces to.
///
///     out[row][lane] = post(start[row][lane] + sum over segments and index of
///                           segment[row][index] * weights[step][lane]) + residual[row][lane]
struct PanelTask {
  var segments: UnsafePointer<Segment>
  var segmentCount: Int
  /// `[step][width of the panel]`, `step` running through the segments in order.
  var weights: UnsafePointer<Float>
  /// What the sums begin with: a bias (stride 0), or one vector of values per row.
  var start: UnsafePointer<Float>
  var startStride: Int
  var destination: UnsafeMutablePointer<Float>
  var destinationStride: Int
  /// Voxels or points.
  var rowCount: Int
  var rectified = false
  /// Values and weights are pairs of bfloat16.
  var readsPairs = false
  /// Results are stored as pairs of bfloat16; `destination` counts floats, which hold two each.
  var writesPairs = false
  var residual: UnsafePointer<Float>?
  var residualStride = 0
  /// The residual has one value per row, added to every lane.
  var residualIsBroadcast = false
  /// Per register tile the steps to run, of a single segment; all where nil.
  var used: UnsafePointer<UsedUnits>?
  /// Weights that a later task reads: every tile asks for so many cache lines of them, into L2.
  var upcomingLinesPerTile = 0
  var upcoming: UnsafePointer<Float>

  init(
    segments: UnsafePointer<Segment>, segmentCount: Int, weights: UnsafePointer<Float>,
    start: UnsafePointer<Float>, startStride: Int, destination: UnsafeMutablePointer<Float>,
    destinationStride: Int, rowCount: Int
  ) {
    self.segments = segments
    self.segmentCount = segmentCount
    self.weights = weights
    self.start = start
    self.startStride = startStride
    self.destination = destination
    self.destinationStride = destinationStride
    self.rowCount = rowCount
    upcoming = weights
  }
}
