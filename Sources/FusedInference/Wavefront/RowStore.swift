import KernelInterface
import Workers

/// The rows of one value that are still needed, `[i][c]` each, in rings that the wavefront writes
/// again and again.
///
/// Planes come in slabs of ``slabPlanes``, rows in bands of ``bandRows``; slab by slab and band by
/// band a value is made, in this order. Plane `q` of every slab has a ring of bands of its own,
/// because later slabs read fewer of the early planes of a slab than of the late ones.
/// Before and behind a row lie voxels of zeros that nothing writes: the padding of convolutions.
final class RowStore: Sendable {
  /// Planes of a slab: those of a Winograd tile F(4).
  static let slabPlanes = 4
  /// Rows of a band.
  static let bandRows = 4

  let shape: RowStoreShape
  private let buffer: AlignedBuffer<Float>
  private let starts: InlineArray<4, Int>

  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(_ shape: RowStoreShape) throws(WorkersError) {
    self.shape = shape
    buffer = try AlignedBuffer(count: max(1, shape.floats))
    var next = 0
    var starts = InlineArray<4, Int>(repeating: 0)
    for plane in 0..<Self.slabPlanes {
      starts[plane] = next
      next += shape.bands[plane] * shape.bandFloats
    }
    self.starts = starts
  }

  /// Channel 0 of the first voxel of row `row` in plane `plane`, both counted in the volume.
  func row(plane: Int, row: Int) -> UnsafeMutablePointer<Float> {
    buffer.pointer + offset(plane: plane, row: row)
  }

  /// Where ``row(plane:row:)`` lies behind ``first``.
  func offset(plane: Int, row: Int) -> Int {
    let place = plane + shape.depth
    let slab = place >> 2
    let part = place & 3
    let band = (row >> 2) - shape.firstBand
    let slot = (slab * shape.bandsPerSlab + band) % shape.bands[part]
    return starts[part] + slot * shape.bandFloats + (row & 3) * shape.rowFloats
      + shape.margin * shape.voxelStride
  }

  /// The beginning of the memory.
  var first: UnsafeMutablePointer<Float> { buffer.pointer }
}

/// How much of a value is held.
struct RowStoreShape: Equatable, Sendable {
  /// Floats from a voxel to the next: channels with their padding, or without for images.
  var voxelStride: Int
  /// Voxels of a row that are held, without those of zeros.
  var width: Int
  /// Voxels of zeros before a row, and as many behind it.
  var margin: Int
  /// How far the value lags behind the image: slab s holds the planes from 4 s - depth on.
  var depth: Int
  /// The first band that any value of the block has, and how many bands a slab has.
  var firstBand: Int
  var bandsPerSlab: Int
  /// For each plane of a slab, how many bands of it are held.
  var bands: InlineArray<4, Int>

  var rowFloats: Int { (width + 2 * margin) * voxelStride }
  var bandFloats: Int { RowStore.bandRows * rowFloats }
  var floats: Int {
    var sum = 0
    for plane in 0..<RowStore.slabPlanes { sum += bands[plane] }
    return sum * bandFloats
  }

  static func == (left: RowStoreShape, right: RowStoreShape) -> Bool {
    left.voxelStride == right.voxelStride && left.width == right.width
      && left.margin == right.margin && left.depth == right.depth
      && left.firstBand == right.firstBand && left.bandsPerSlab == right.bandsPerSlab
      && (0..<RowStore.slabPlanes).allSatisfy { left.bands[$0] == right.bands[$0] }
  }
}
