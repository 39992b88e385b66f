import KernelInterface

/// From run-time sizes to the tile of that size; see ``Tiling``.
enum OuterTiling {
  @inline(__always)
  static func run(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int, vectors: Int,
    readsPairs: Bool
  ) {
    if readsPairs {
      #if ISA_AVX512BF16
      OuterDispatch<1>.run(
        arguments, input: input, rows: rows, gradient: gradient, vectors: vectors)
      #else
      runPairs(arguments, input: input, rows: rows, gradient: gradient, vectors: vectors)
      #endif
    } else {
      OuterDispatch<0>.run(
        arguments, input: input, rows: rows, gradient: gradient, vectors: vectors)
    }
  }

  #if !ISA_AVX512BF16
  @inline(__always)
  private static func runPairs(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int, vectors: Int
  ) {
    #if ISA_AVX512
    switch vectors {
    case 4: OuterPairs<4>.run(arguments, input: input, rows: rows, gradient: gradient)
    case 2: OuterPairs<2>.run(arguments, input: input, rows: rows, gradient: gradient)
    default: OuterPairs<1>.run(arguments, input: input, rows: rows, gradient: gradient)
    }
    #elseif ISA_NEON
    OuterPairs<4>.run(arguments, input: input, rows: rows, gradient: gradient)
    #else
    OuterPairs<2>.run(arguments, input: input, rows: rows, gradient: gradient)
    #endif
  }
  #endif
}

#if !ISA_AVX512BF16
/// The tiles of pairs, of few rows: see ``Tiling/maximumRowsOfPairs(vectors:)``.
private enum OuterPairs<let vectors: Int> {
  @inline(__always)
  static func run(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int
  ) {
    switch rows {
    case 1: OuterTile<1, vectors, 1>.run(arguments, input: input, gradient: gradient)
    case 2: OuterTile<2, vectors, 1>.run(arguments, input: input, gradient: gradient)
    case 3: OuterTile<3, vectors, 1>.run(arguments, input: input, gradient: gradient)
    default: OuterTile<4, vectors, 1>.run(arguments, input: input, gradient: gradient)
    }
  }
}
#endif

/// The tiles of one kind of values.
private enum OuterDispatch<let pairs: Int> {
  @inline(__always)
  static func run(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int, vectors: Int
  ) {
    #if ISA_AVX512 || ISA_AVX512BF16
    switch vectors {
    case 4: runPanelOf4(arguments, input: input, rows: rows, gradient: gradient)
    case 2: runPanelOf2(arguments, input: input, rows: rows, gradient: gradient)
    default: runPanelOf1(arguments, input: input, rows: rows, gradient: gradient)
    }
    #elseif ISA_NEON
    runPanelOf4(arguments, input: input, rows: rows, gradient: gradient)
    #else
    runPanelOf2(arguments, input: input, rows: rows, gradient: gradient)
    #endif
  }

  #if ISA_AVX512 || ISA_AVX512BF16 || ISA_NEON
  @inline(__always)
  private static func runPanelOf4(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int
  ) {
    switch rows {
    case 1: OuterTile<1, 4, pairs>.run(arguments, input: input, gradient: gradient)
    case 2: OuterTile<2, 4, pairs>.run(arguments, input: input, gradient: gradient)
    case 3: OuterTile<3, 4, pairs>.run(arguments, input: input, gradient: gradient)
    case 4: OuterTile<4, 4, pairs>.run(arguments, input: input, gradient: gradient)
    case 5: OuterTile<5, 4, pairs>.run(arguments, input: input, gradient: gradient)
    default: OuterTile<6, 4, pairs>.run(arguments, input: input, gradient: gradient)
    }
  }
  #endif

  #if ISA_AVX512 || ISA_AVX512BF16
  @inline(__always)
  private static func runPanelOf2(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int
  ) {
    switch rows {
    case 1: OuterTile<1, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 2: OuterTile<2, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 3: OuterTile<3, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 4: OuterTile<4, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 5: OuterTile<5, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 6: OuterTile<6, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 7: OuterTile<7, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 8: OuterTile<8, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 9: OuterTile<9, 2, pairs>.run(arguments, input: input, gradient: gradient)
    default: OuterTile<10, 2, pairs>.run(arguments, input: input, gradient: gradient)
    }
  }

  @inline(__always)
  private static func runPanelOf1(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int
  ) {
    switch rows {
    case 1: OuterTile<1, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 2: OuterTile<2, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 3: OuterTile<3, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 4: OuterTile<4, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 5: OuterTile<5, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 6: OuterTile<6, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 7: OuterTile<7, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 8: OuterTile<8, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 9: OuterTile<9, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 10: OuterTile<10, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 11: OuterTile<11, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 12: OuterTile<12, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 13: OuterTile<13, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 14: OuterTile<14, 1, pairs>.run(arguments, input: input, gradient: gradient)
    case 15: OuterTile<15, 1, pairs>.run(arguments, input: input, gradient: gradient)
    default: OuterTile<16, 1, pairs>.run(arguments, input: input, gradient: gradient)
    }
  }
  #elseif ISA_AVX2 || ISA_SSE42
  @inline(__always)
  private static func runPanelOf2(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int
  ) {
    switch rows {
    case 1: OuterTile<1, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 2: OuterTile<2, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 3: OuterTile<3, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 4: OuterTile<4, 2, pairs>.run(arguments, input: input, gradient: gradient)
    case 5: OuterTile<5, 2, pairs>.run(arguments, input: input, gradient: gradient)
    default: OuterTile<6, 2, pairs>.run(arguments, input: input, gradient: gradient)
    }
  }
  #endif
}
