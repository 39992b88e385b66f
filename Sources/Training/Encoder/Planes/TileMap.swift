import KernelInterface

/// The tiles of a map at Winograd's points: `[sample][k][point]`, of each point `[row][number]`.
///
/// Rows are tiles with pairs of channels, or pairs of tiles with numbers of all channels: see
/// `PlaneTransformArguments`. Valid while the ``PlaneForms`` live that hold its memory.
///
/// `@unchecked Sendable`: whoever shares the tiles between workers gives each its own planes to write.
struct TileMap: @unchecked Sendable {
  /// Floats from a row to the next.
  let rowStride: Int
  /// Floats from a point to the next.
  let pointStride: Int
  private let planes: Int
  private let values: UnsafeMutablePointer<Float>

  init(_ shape: BatchShape, rows: Int, rowStride: Int, at values: UnsafeMutablePointer<Float>) {
    planes = shape.size.z
    self.rowStride = rowStride
    pointStride = Self.pointStride(rows: rows, rowStride: rowStride)
    self.values = values
  }

  /// Floats from a plane to the next.
  var planeStride: Int { WinogradPoints.planar * pointStride }

  /// The numbers of a plane at point 0.
  func plane(sample: Int, k: Int) -> UnsafeMutablePointer<Float> {
    values + (sample * planes + k) * planeStride
  }

  /// Floats that such tiles take.
  static func floats(_ shape: BatchShape, rows: Int, rowStride: Int) -> Int {
    shape.samples * shape.size.z * WinogradPoints.planar
      * pointStride(rows: rows, rowStride: rowStride)
  }

  /// A cache line more than the rows, so that points do not share cache sets.
  private static func pointStride(rows: Int, rowStride: Int) -> Int { rows * rowStride + 16 }
}
