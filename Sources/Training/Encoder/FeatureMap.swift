import KernelInterface
import Workers

/// Numbers at every voxel of a batch: one value of the encoder, or its gradient.
///
/// Rows lie one after the other, `[sample][k][j][i][c]`, with one voxel of zeros between them, so that
/// a 3x3x3 kernel may read past both ends. Rows outside a patch are one row of zeros in the table.
///
/// `@unchecked Sendable`: whoever shares a map between workers gives each its own planes to write.
final class FeatureMap: @unchecked Sendable {
  let shape: BatchShape
  let channels: Int
  /// Floats from a voxel to the next: channels padded to a cache line, or 1 for the patches.
  let stride: Int
  /// `[plane][row]`, see ``BatchShape/entry(sample:k:j:)``.
  let rows: AlignedBuffer<UnsafeMutablePointer<Float>>
  private let values: AlignedBuffer<Float>
  private let zeros: AlignedBuffer<Float>

  init(_ shape: BatchShape, channels: Int, isPadded: Bool = true) throws(WorkersError) {
    self.shape = shape
    self.channels = channels
    stride = !isPadded ? channels : FeatureLayout.paddedChannels(channels)
    let rowLength = (shape.size.x + 1) * stride
    let rowCount = shape.samples * shape.size.z * shape.size.y
    // Behind the last row lies what vectors of one-channel voxels reach.
    values = try AlignedBuffer(count: rowCount * rowLength + 2 * stride + 64)
    zeros = try AlignedBuffer(count: rowLength + 2 * stride + 64)
    rows = try AlignedBuffer(count: shape.tablePlanes * shape.tableRows)
    rows.elements.update(repeating: zeros.pointer + stride)
    for sample in 0..<shape.samples {
      for k in 0..<shape.size.z {
        for j in 0..<shape.size.y {
          let row = (sample * shape.size.z + k) * shape.size.y + j
          rows.pointer[shape.entry(sample: sample, k: k, j: j)] =
            values.pointer + row * rowLength + stride
        }
      }
    }
  }

  /// The table from a plane and row on; -1 is the one before the patch.
  func table(sample: Int, k: Int, j: Int) -> RowTable {
    let first = UnsafeRawPointer(rows.pointer + shape.entry(sample: sample, k: k, j: j))
    return RowTable(
      rows: first.assumingMemoryBound(to: UnsafePointer<Float>.self),
      rowsPerPlane: shape.tableRows, voxelStride: stride)
  }

  /// The first voxel of a row.
  func row(sample: Int, k: Int, j: Int) -> UnsafeMutablePointer<Float> {
    rows.pointer[shape.entry(sample: sample, k: k, j: j)]
  }

  /// The first voxel of a row, or of a row of zeros where it lies outside the patch.
  func rowOrZeros(sample: Int, k: Int, j: Int) -> UnsafePointer<Float> {
    let isInside = k >= 0 && k < shape.size.z && j >= 0 && j < shape.size.y
    return UnsafePointer(
      isInside ? row(sample: sample, k: k, j: j) : zeros.pointer + stride)
  }

  /// All floats of a plane, with the zeros between its rows, which lie behind each other.
  func plane(sample: Int, k: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(
      start: row(sample: sample, k: k, j: 0), count: shape.size.y * (shape.size.x + 1) * stride)
  }
}
