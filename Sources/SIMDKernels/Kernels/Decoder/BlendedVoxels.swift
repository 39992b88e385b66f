import KernelInterface

/// Some columns of a group's points, and the LR voxels between which they lie.
struct Strip {
  /// The first place along i.
  let first: Int
  /// Places along i; each is a point in every row of the group.
  let count: Int
  let voxels: Range<Int>

  /// Takes as many columns from `first` on as the memory for blended voxels allows.
  @inline(__always)
  init(_ arguments: RowDecoderArguments, first: Int, _ blended: BlendedVoxels) {
    self.first = first
    let end = min(first + blended.columns, arguments.count)
    var lowest = Int.max
    var highest = Int.min
    var point = first
    while point < end {
      let tap0 = Int(arguments.tap0[point])
      let tap1 = Int(arguments.tap1[point])
      let lower = min(lowest, min(tap0, tap1))
      let upper = max(highest, max(tap0, tap1))
      if upper - lower >= blended.capacity { break }
      lowest = lower
      highest = upper
      point += 1
    }
    assert(point > first && lowest >= 0 && highest < arguments.rowLength)
    count = point - first
    voxels = lowest..<highest + 1
  }
}

/// The LR voxels of a strip, blended from four LR rows for each row of the group:
/// `[row][capacity][2 * hidden]`, voxel `i` in slot `i` modulo the capacity.
struct BlendedVoxels {
  let values: UnsafeMutablePointer<Float>
  /// Places along i of a strip.
  let columns: Int
  /// Voxels held for a row.
  let capacity: Int
  /// Values of a voxel.
  let width: Int
  private let rowCount: Int

  /// Columns of a strip of about `tile` points.
  @inline(__always)
  static func columns(rowCount: Int, tile: Int) -> Int { max(1, tile / rowCount) }

  /// At scale 1 or more, `columns` places lie between at most this many voxels.
  @inline(__always)
  static func capacity(columns: Int) -> Int { columns + 2 }

  @inline(__always)
  init(_ arguments: RowDecoderArguments, in memory: UnsafeMutablePointer<Float>) {
    values = memory
    columns = BlendedVoxels.columns(rowCount: arguments.rowCount, tile: arguments.tile)
    capacity = BlendedVoxels.capacity(columns: columns)
    width = 2 * arguments.hidden
    rowCount = arguments.rowCount
  }

  /// Floats that they take.
  var floats: Int { rowCount * capacity * width }

  /// The values of an LR voxel for one row of the group.
  @inline(__always)
  func voxel(_ index: Int, row: Int) -> UnsafeMutablePointer<Float> {
    let slot = UInt32(truncatingIfNeeded: index) % UInt32(truncatingIfNeeded: capacity)
    return values + (row * capacity + Int(slot)) * width
  }

  /// Blends `voxels`, except those that are held from the strip before.
  @inline(__always)
  func blend(_ arguments: RowDecoderArguments, _ voxels: Range<Int>, keeping held: Range<Int>) {
    for index in voxels where !held.contains(index) {
      // Row after row of the same voxel: where they share LR rows, the first brings them into L1.
      for row in 0..<rowCount {
        blend(arguments.rows[row], offset: index * width, into: voxel(index, row: row))
      }
    }
  }

  @inline(__always)
  private func blend(
    _ row: DecodedRow, offset: Int, into blended: UnsafeMutablePointer<Float>
  ) {
    let sources = row.sources
    let weight0 = broadcast(row.sourceWeights.0)
    let weight1 = broadcast(row.sourceWeights.1)
    let weight2 = broadcast(row.sourceWeights.2)
    let weight3 = broadcast(row.sourceWeights.3)
    var index = 0
    while index < width {
      var sum = weight0 * load(sources.0 + offset + index)
      sum = multiplyAdd(sum, weight1, load(sources.1 + offset + index))
      sum = multiplyAdd(sum, weight2, load(sources.2 + offset + index))
      sum = multiplyAdd(sum, weight3, load(sources.3 + offset + index))
      store(sum, to: blended + index)
      index += lanes
    }
  }
}
