// From run-time sizes to the register tile of that size: every number of rows has its own code, since
// a loop with a run-time bound over the sums would keep them in memory.
extension Tiling {
  @inline(__always)
  static func run(_ task: PanelTask, tile: Int, at row: Int, rows: Int, vectors: Int) {
    if task.readsPairs {
      #if ISA_AVX512BF16
      TileDispatch<1>.run(task, tile: tile, at: row, rows: rows, vectors: vectors)
      #else
      runPairs(task, tile: tile, at: row, rows: rows, vectors: vectors)
      #endif
    } else {
      TileDispatch<0>.run(task, tile: tile, at: row, rows: rows, vectors: vectors)
    }
  }
}

#if !ISA_AVX512BF16
extension Tiling {
  @inline(__always)
  private static func runPairs(
    _ task: PanelTask, tile: Int, at row: Int, rows: Int, vectors: Int
  ) {
    #if ISA_AVX512
    switch vectors {
    case 4: PairDispatch<4>.run(task, tile: tile, at: row, rows: rows)
    case 2: PairDispatch<2>.run(task, tile: tile, at: row, rows: rows)
    default: PairDispatch<1>.run(task, tile: tile, at: row, rows: rows)
    }
    #elseif ISA_NEON
    PairDispatch<4>.run(task, tile: tile, at: row, rows: rows)
    #else
    PairDispatch<2>.run(task, tile: tile, at: row, rows: rows)
    #endif
  }
}

/// The register tiles of pairs, of few rows: see ``Tiling/maximumRowsOfPairs(vectors:)``.
private enum PairDispatch<let vectors: Int> {
  @inline(__always)
  static func run(_ task: PanelTask, tile: Int, at row: Int, rows: Int) {
    switch rows {
    case 1: RegisterTile<1, vectors, 1>.run(task, tile: tile, at: row)
    case 2: RegisterTile<2, vectors, 1>.run(task, tile: tile, at: row)
    case 3: RegisterTile<3, vectors, 1>.run(task, tile: tile, at: row)
    default: RegisterTile<4, vectors, 1>.run(task, tile: tile, at: row)
    }
  }
}
#endif

/// The register tiles of one kind of values.
private enum TileDispatch<let pairs: Int> {
  @inline(__always)
  static func run(_ task: PanelTask, tile: Int, at row: Int, rows: Int, vectors: Int) {
    #if ISA_AVX512 || ISA_AVX512BF16
    switch vectors {
    case 4: runPanelOf4(task, tile: tile, at: row, rows: rows)
    case 2: runPanelOf2(task, tile: tile, at: row, rows: rows)
    default: runPanelOf1(task, tile: tile, at: row, rows: rows)
    }
    #elseif ISA_NEON
    runPanelOf4(task, tile: tile, at: row, rows: rows)
    #else
    runPanelOf2(task, tile: tile, at: row, rows: rows)
    #endif
  }

  #if ISA_AVX512 || ISA_AVX512BF16 || ISA_NEON
  @inline(__always)
  private static func runPanelOf4(_ task: PanelTask, tile: Int, at row: Int, rows: Int) {
    switch rows {
    case 1: RegisterTile<1, 4, pairs>.run(task, tile: tile, at: row)
    case 2: RegisterTile<2, 4, pairs>.run(task, tile: tile, at: row)
    case 3: RegisterTile<3, 4, pairs>.run(task, tile: tile, at: row)
    case 4: RegisterTile<4, 4, pairs>.run(task, tile: tile, at: row)
    case 5: RegisterTile<5, 4, pairs>.run(task, tile: tile, at: row)
    default: RegisterTile<6, 4, pairs>.run(task, tile: tile, at: row)
    }
  }
  #endif

  #if ISA_AVX512 || ISA_AVX512BF16
  @inline(__always)
  private static func runPanelOf2(_ task: PanelTask, tile: Int, at row: Int, rows: Int) {
    switch rows {
    case 1: RegisterTile<1, 2, pairs>.run(task, tile: tile, at: row)
    case 2: RegisterTile<2, 2, pairs>.run(task, tile: tile, at: row)
    case 3: RegisterTile<3, 2, pairs>.run(task, tile: tile, at: row)
    case 4: RegisterTile<4, 2, pairs>.run(task, tile: tile, at: row)
    case 5: RegisterTile<5, 2, pairs>.run(task, tile: tile, at: row)
    case 6: RegisterTile<6, 2, pairs>.run(task, tile: tile, at: row)
    case 7: RegisterTile<7, 2, pairs>.run(task, tile: tile, at: row)
    case 8: RegisterTile<8, 2, pairs>.run(task, tile: tile, at: row)
    case 9: RegisterTile<9, 2, pairs>.run(task, tile: tile, at: row)
    default: RegisterTile<10, 2, pairs>.run(task, tile: tile, at: row)
    }
  }

  @inline(__always)
  private static func runPanelOf1(_ task: PanelTask, tile: Int, at row: Int, rows: Int) {
    switch rows {
    case 1: RegisterTile<1, 1, pairs>.run(task, tile: tile, at: row)
    case 2: RegisterTile<2, 1, pairs>.run(task, tile: tile, at: row)
    case 3: RegisterTile<3, 1, pairs>.run(task, tile: tile, at: row)
    case 4: RegisterTile<4, 1, pairs>.run(task, tile: tile, at: row)
    case 5: RegisterTile<5, 1, pairs>.run(task, tile: tile, at: row)
    case 6: RegisterTile<6, 1, pairs>.run(task, tile: tile, at: row)
    case 7: RegisterTile<7, 1, pairs>.run(task, tile: tile, at: row)
    case 8: RegisterTile<8, 1, pairs>.run(task, tile: tile, at: row)
    case 9: RegisterTile<9, 1, pairs>.run(task, tile: tile, at: row)
    case 10: RegisterTile<10, 1, pairs>.run(task, tile: tile, at: row)
    case 11: RegisterTile<11, 1, pairs>.run(task, tile: tile, at: row)
    case 12: RegisterTile<12, 1, pairs>.run(task, tile: tile, at: row)
    case 13: RegisterTile<13, 1, pairs>.run(task, tile: tile, at: row)
    case 14: RegisterTile<14, 1, pairs>.run(task, tile: tile, at: row)
    case 15: RegisterTile<15, 1, pairs>.run(task, tile: tile, at: row)
    default: RegisterTile<16, 1, pairs>.run(task, tile: tile, at: row)
    }
  }
  #elseif ISA_AVX2 || ISA_SSE42
  @inline(__always)
  private static func runPanelOf2(_ task: PanelTask, tile: Int, at row: Int, rows: Int) {
    switch rows {
    case 1: RegisterTile<1, 2, pairs>.run(task, tile: tile, at: row)
    case 2: RegisterTile<2, 2, pairs>.run(task, tile: tile, at: row)
    case 3: RegisterTile<3, 2, pairs>.run(task, tile: tile, at: row)
    case 4: RegisterTile<4, 2, pairs>.run(task, tile: tile, at: row)
    case 5: RegisterTile<5, 2, pairs>.run(task, tile: tile, at: row)
    default: RegisterTile<6, 2, pairs>.run(task, tile: tile, at: row)
    }
  }
  #endif
}
