import KernelInterface

/// What layers need besides their operands, at the beginning of scratch memory.
struct LayerMemory {
  let segment: UnsafeMutablePointer<Segment>
  /// One per register tile; nil: no unit is skipped.
  private let used: UnsafeMutablePointer<UsedUnits>?
  private let lists: UnsafeMutablePointer<Int32>

  /// Floats that it takes for layers of at most `widest` inputs at `points` points, a multiple of a
  /// cache line.
  @inline(__always)
  static func floats(widest: Int, points: Int) -> Int {
    let tiles = mostTiles(points: points)
    return Reduction.tableFloats + tableFloats(tiles: tiles) + tiles * UsedUnits.capacity(widest)
  }

  @inline(__always)
  init(_ stack: LayerStack, points: Int, in scratch: UnsafeMutablePointer<Float>) {
    segment = segmentTable(in: scratch)
    let tiles = LayerMemory.mostTiles(points: points)
    let table = UnsafeMutableRawPointer(scratch + Reduction.tableFloats)
    used = stack.skipsZeros ? table.bindMemory(to: UsedUnits.self, capacity: tiles) : nil
    let floats = LayerMemory.tableFloats(tiles: tiles)
    lists = (table + 4 * floats).assumingMemoryBound(to: Int32.self)
  }

  /// Lists the first `length` values that each register tile of some points uses.
  @inline(__always)
  func usedUnits(
    of points: PointRows, _ tiles: RowTiles, length: Int,
    counts: UnsafeMutablePointer<UnitCount>?
  ) -> UnsafePointer<UsedUnits>? {
    guard let used else { return nil }
    var row = 0
    var sum = 0
    for tile in 0..<tiles.count {
      let rows = tiles.rows(of: tile)
      (used + tile).initialize(
        to: UsedUnits(
          points.values + row * points.stride, stride: points.stride, rows: rows, length: length,
          into: lists + tile * UsedUnits.capacity(length)))
      sum += used[tile].isAll ? length : used[tile].count
      row += rows
    }
    if let counts {
      counts.pointee.used += sum
      counts.pointee.all += tiles.count * length
    }
    return UnsafePointer(used)
  }

  /// Register tiles of the fewest rows: see `Tiling.maximumRowsOfPairs(vectors:)`.
  @inline(__always)
  private static func mostTiles(points: Int) -> Int {
    let rows = Tiling.maximumRowsOfPairs(vectors: Tiling.panelVectors)
    return (points + rows - 1) / rows
  }

  @inline(__always)
  private static func tableFloats(tiles: Int) -> Int {
    FeatureLayout.paddedChannels(tiles * MemoryLayout<UsedUnits>.stride / 4)
  }
}
