import KernelInterface

/// How this variant cuts output channels into panels and rows into register tiles.
enum Tiling {
  /// Vectors of a full panel: with 32 vector registers 4, with 16 registers 2.
  @inline(__always) static var panelVectors: Int {
    #if ISA_AVX512 || ISA_AVX512BF16 || ISA_NEON
    4
    #else
    2
    #endif
  }

  /// The layout of packed weights that ``run(_:vectors:)`` expects.
  @inline(__always) static var layout: PackedLayout {
    PackedLayout(lanes: lanes, panelWidth: panelVectors * lanes)
  }

  /// Reduction steps of one pass, for a panel of `width` channels.
  ///
  /// 147 KB of weights stay in L2 while all voxels of a block use them. Passes that fit L1 (48 KB)
  /// lose 1 to 2 % of the peak, because sums are parked more often.
  @inline(__always)
  static func stepsPerPass(width: Int) -> Int { 36_864 / width }

  /// Rows of the largest tile for a panel of `vectors` vectors.
  ///
  /// AVX-512 covers narrow layers with narrow panels of more rows. With 12 and 24 rows they would
  /// fill the register file, but beyond 11 and 16 the optimiser leaves the loops over the sums alone
  /// and the sums in memory (a quarter of the speed); and 20 and 16 sums hide the latency as well.
  @inline(__always)
  static func maximumRows(vectors: Int) -> Int {
    #if ISA_AVX512 || ISA_AVX512BF16
    vectors == 4 ? 6 : vectors == 2 ? 10 : 16
    #else
    6
    #endif
  }

  /// Rows of the largest tile for floats or for pairs of bfloat16.
  @inline(__always)
  static func maximumRows(vectors: Int, readsPairs: Bool) -> Int {
    readsPairs ? maximumRowsOfPairs(vectors: vectors) : maximumRows(vectors: vectors)
  }

  /// Rows of the largest tile that reads pairs of bfloat16.
  ///
  /// Without an instruction for them, both numbers of values and weights take registers of their own,
  /// and fewer are left for sums.
  @inline(__always)
  static func maximumRowsOfPairs(vectors: Int) -> Int {
    #if ISA_AVX512BF16
    maximumRows(vectors: vectors)
    #elseif ISA_AVX512 || ISA_NEON
    4
    #else
    3
    #endif
  }

  /// Runs `task` on all its rows.
  @inline(__always)
  static func run(_ task: PanelTask, vectors: Int) {
    let maximum = maximumRows(vectors: vectors, readsPairs: task.readsPairs)
    run(task, vectors: vectors, RowTiles(task.rowCount, maximum: maximum))
  }

  /// Runs `task` on all its rows, cut into these tiles.
  static func run(_ task: PanelTask, vectors: Int, _ tiles: RowTiles) {
    var row = 0
    for tile in 0..<tiles.count {
      let rows = tiles.rows(of: tile)
      run(task, tile: tile, at: row, rows: rows, vectors: vectors)
      row += rows
    }
  }
}

/// Rows cut into tiles of nearly equal size: a last tile of one or two rows would have too few sums to
/// hide the latency of a multiply-add.
struct RowTiles {
  let count: Int
  private let base: Int
  private let larger: Int

  @inline(__always)
  init(_ rows: Int, maximum: Int) {
    count = (rows + maximum - 1) / maximum
    base = rows / count
    larger = rows % count
  }

  @inline(__always)
  func rows(of tile: Int) -> Int { tile < larger ? base + 1 : base }
}
