import Volumes
import Workers

/// Output planes that are being made, in the order of the file: `[k][j][i]` of the output grid.
///
/// Rows run along an axis of the INPUT; the strides say where the next voxel of a row lies, so that
/// a grid with exchanged axes needs no copy.
struct OutputWindow: Sendable {
  private let buffer: AlignedBuffer<Float>
  /// Steps that go with one step of the output indices along INPUT axes i, j, k.
  private let strides: SIMD3<Int>
  let planeVoxels: Int
  /// Output index along k of the first plane held.
  private(set) var firstPlane = 0

  /// Makes room for `planes` output planes.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(planes: Int, sampling: Sampling) throws(WorkersError) {
    let size = sampling.outputSize
    planeVoxels = size.x * size.y
    buffer = try AlignedBuffer(count: planes * planeVoxels)
    strides = sampling.outputStrides
  }

  /// Output that is made before it is handed on: enough for a writer to be busy beside the next.
  private static let plannedBytes = 8 << 20

  /// The output planes that make up the planned size of a window, at least one; all where they do
  /// not come in order.
  static func plannedPlanes(_ sampling: Sampling) -> Int {
    let size = sampling.outputSize
    guard streams(sampling) else { return size.z }
    let planeBytes = size.x * size.y * MemoryLayout<Float>.size
    return min(size.z, max(1, plannedBytes / planeBytes))
  }

  /// Whether output planes come in the order of the file when the input's planes are walked in order.
  static func streams(_ sampling: Sampling) -> Bool {
    guard let separable = sampling.separable else { return true }
    let positions = separable.axes[2].positions
    return separable.isAxisAligned && zip(positions, positions.dropFirst()).allSatisfy(<)
  }

  /// Begins anew at a plane; all voxels are zero, the value outside the field of view.
  mutating func move(to plane: Int) {
    firstPlane = plane
    buffer.elements.update(repeating: 0)
  }

  /// Writes a row that begins at output indices `(i, j, k)` along the INPUT axes.
  func store(_ row: UnsafeBufferPointer<Float>, i: Int, j: Int, k: Int) {
    let start = i * strides.x + j * strides.y + k * strides.z - firstPlane * planeVoxels
    precondition(
      start >= 0 && start + (row.count - 1) * strides.x < buffer.count,
      "row at \(start) of \(buffer.count)")
    for index in row.indices { buffer.pointer[start + index * strides.x] = row[index] }
  }

  /// Shows the first `count` planes to `body`, for as long as it runs.
  func withPlanes(
    _ count: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Void
  ) rethrows {
    precondition(count * planeVoxels <= buffer.count, "\(count) planes of \(buffer.count) voxels")
    try withExtendedLifetime(buffer) {
      try body(UnsafeBufferPointer(start: buffer.pointer, count: count * planeVoxels))
    }
  }
}
