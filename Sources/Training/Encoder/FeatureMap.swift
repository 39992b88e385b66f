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
  /// Floats from a voxel to the next: channels padded to a cache line, but not those of patches.
  let stride: Int
  /// `[plane][row]`, see ``BatchShape/entry(sample:k:j:)``.
  let rows: AlignedBuffer<UnsafeMutablePointer<Float>>
  private let arena: FloatArena
  private let zeros: UnsafeMutablePointer<Float>

  /// A map with memory of its own.
  convenience init(_ shape: BatchShape, channels: Int) throws(WorkersError) {
    let layout = MapLayout(shape, channels: channels, isPadded: true)
    try self.init(shape, layout, channels: channels, in: FloatArena(layout.lengths), at: 0)
  }

  /// A map whose voxels lie without a gap, as those of patches do.
  static func compact(_ shape: BatchShape, channels: Int) throws(WorkersError) -> FeatureMap {
    let layout = MapLayout(shape, channels: channels, isPadded: false)
    return try FeatureMap(shape, layout, channels: channels, in: FloatArena(layout.lengths), at: 0)
  }

  private init(
    _ shape: BatchShape, _ layout: MapLayout, channels: Int, in arena: FloatArena, at place: Int
  ) throws(WorkersError) {
    self.shape = shape
    self.channels = channels
    self.arena = arena
    stride = layout.stride
    let rowLength = layout.rowLength
    let values = arena.array(place)
    zeros = arena.array(place + 1)
    rows = try AlignedBuffer(count: shape.tablePlanes * shape.tableRows)
    rows.elements.update(repeating: zeros + stride)
    for sample in 0..<shape.samples {
      for k in 0..<shape.size.z {
        for j in 0..<shape.size.y {
          let row = (sample * shape.size.z + k) * shape.size.y + j
          rows.pointer[shape.entry(sample: sample, k: k, j: j)] =
            values + row * rowLength + stride
        }
      }
    }
  }

  /// Maps that share memory where they do not live at the same time; the first is that of the patches.
  static func all(
    _ shape: BatchShape, _ lifetimes: [Lifetime], channels: [Int]
  ) throws(WorkersError) -> [FeatureMap] {
    let (places, layouts) = layouts(shape, lifetimes, channels: channels)
    let arena = try FloatArena(layouts.flatMap(\.lengths))
    var maps: [FeatureMap] = []
    for (place, layout) in layouts.enumerated() {
      maps.append(
        try FeatureMap(
          shape, layout, channels: channels[places.firstIndex(of: place) ?? 0], in: arena,
          at: 2 * place))
    }
    return places.map { maps[$0] }
  }

  /// Floats of the maps that ``all(_:_:channels:)`` makes.
  static func floatCount(_ shape: BatchShape, _ lifetimes: [Lifetime], channels: [Int]) -> Int {
    FloatArena.count(layouts(shape, lifetimes, channels: channels).layouts.flatMap(\.lengths))
  }

  /// Floats of one map.
  static func floatCount(_ shape: BatchShape, channels: Int, isPadded: Bool = true) -> Int {
    FloatArena.count(MapLayout(shape, channels: channels, isPadded: isPadded).lengths)
  }

  /// The place of each map in memory, and the layout of each place.
  private static func layouts(
    _ shape: BatchShape, _ lifetimes: [Lifetime], channels: [Int]
  ) -> (places: [Int], layouts: [MapLayout]) {
    var kinds = channels
    kinds[0] = 0
    let places = Lifetime.places(lifetimes, kinds: kinds)
    return (
      places,
      (0...(places.max() ?? 0)).map { place in
        let index = places.firstIndex(of: place) ?? 0
        return MapLayout(shape, channels: channels[index], isPadded: index != 0)
      }
    )
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
      isInside ? row(sample: sample, k: k, j: j) : zeros + stride)
  }

  /// All floats of a plane, with the zeros between its rows, which lie behind each other.
  func plane(sample: Int, k: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(
      start: row(sample: sample, k: k, j: 0), count: shape.size.y * (shape.size.x + 1) * stride)
  }
}

/// Lengths of a map's arrays.
private struct MapLayout {
  /// Floats from a voxel to the next.
  let stride: Int
  /// Floats from a row to the next.
  let rowLength: Int
  /// Floats of all rows, and of the row of zeros.
  let lengths: [Int]

  init(_ shape: BatchShape, channels: Int, isPadded: Bool) {
    stride = isPadded ? FeatureLayout.paddedChannels(channels) : channels
    rowLength = (shape.size.x + 1) * stride
    let rowCount = shape.samples * shape.size.z * shape.size.y
    // Behind the last row lies what vectors of one-channel voxels reach.
    let behind = 2 * stride + 64
    lengths = [rowCount * rowLength + behind, rowLength + behind]
  }
}
