import KernelInterface

/// A block of weight gradients: `rows` inputs by `vectors` vectors of output gradients.
///
/// 1. Formula: `WeightGradientArguments`. Per voxel `sums[r][v] += input[r] * gradient[v]`.
/// 2. No pointer needs an alignment; exactly the rows of the tile are read and written.
/// 3. As ``RegisterTile``: all sums in registers, per voxel `vectors` loads and `rows` broadcasts. Both
///    operands stream from L1 or L2; a voxel's inputs lie side by side, so a tile touches one or two
///    cache lines of them.
/// 4. Sums run voxel by voxel from zero and are added to memory once. Test
///    `weightGradientsMatchDoublePrecision`; bound: (voxels + 2) * 2^-24 * sum of |products|.
/// 5. Speed: a step of the paper's shapes ran at 79 % of the peak with direct convolutions and this
///    kernel for all weight gradients (two cores of AMD family 26; `training-benchmark`).
struct OuterTile<let rows: Int, let vectors: Int> {
  typealias Sums = InlineArray<rows, InlineArray<vectors, Vector>>

  @inline(never)
  static func run(_ arguments: WeightGradientArguments, input: Int, gradient: Int) {
    // By closures: `repeating:` is a function of its own, which variants would share.
    var sums = Sums { _ in InlineArray { _ in broadcast(0) } }
    let inputStride = arguments.inputStride
    let gradientStride = arguments.gradientStride
    for row in 0..<arguments.rowCount {
      var values = arguments.inputs[row] + arguments.inputOffset + input
      var factors = arguments.gradients[row] + gradient
      for _ in 0..<arguments.width {
        let panel = InlineArray<vectors, Vector> { v in load(factors + v * lanes) }
        for r in 0..<rows {
          let value = broadcast(values[r])
          for v in 0..<vectors { sums[r][v] = multiplyAdd(sums[r][v], value, panel[v]) }
        }
        values += inputStride
        factors += gradientStride
      }
    }
    let first = arguments.sums + input * arguments.sumStride + gradient
    for r in 0..<rows {
      let target = first + r * arguments.sumStride
      for v in 0..<vectors {
        store(load(target + v * lanes) + sums[r][v], to: target + v * lanes)
      }
    }
  }
}

/// From run-time sizes to the tile of that size; see ``Tiling``.
enum OuterTiling {
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
    case 1: OuterTile<1, 4>.run(arguments, input: input, gradient: gradient)
    case 2: OuterTile<2, 4>.run(arguments, input: input, gradient: gradient)
    case 3: OuterTile<3, 4>.run(arguments, input: input, gradient: gradient)
    case 4: OuterTile<4, 4>.run(arguments, input: input, gradient: gradient)
    case 5: OuterTile<5, 4>.run(arguments, input: input, gradient: gradient)
    default: OuterTile<6, 4>.run(arguments, input: input, gradient: gradient)
    }
  }
  #endif

  #if !ISA_NEON
  @inline(__always)
  private static func runPanelOf2(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int
  ) {
    switch rows {
    case 1: OuterTile<1, 2>.run(arguments, input: input, gradient: gradient)
    case 2: OuterTile<2, 2>.run(arguments, input: input, gradient: gradient)
    case 3: OuterTile<3, 2>.run(arguments, input: input, gradient: gradient)
    case 4: OuterTile<4, 2>.run(arguments, input: input, gradient: gradient)
    case 5: OuterTile<5, 2>.run(arguments, input: input, gradient: gradient)
    #if ISA_AVX512 || ISA_AVX512BF16
    case 7: OuterTile<7, 2>.run(arguments, input: input, gradient: gradient)
    case 8: OuterTile<8, 2>.run(arguments, input: input, gradient: gradient)
    case 9: OuterTile<9, 2>.run(arguments, input: input, gradient: gradient)
    case 10: OuterTile<10, 2>.run(arguments, input: input, gradient: gradient)
    #endif
    default: OuterTile<6, 2>.run(arguments, input: input, gradient: gradient)
    }
  }
  #endif

  #if ISA_AVX512 || ISA_AVX512BF16
  @inline(__always)
  private static func runPanelOf1(
    _ arguments: WeightGradientArguments, input: Int, rows: Int, gradient: Int
  ) {
    switch rows {
    case 1: OuterTile<1, 1>.run(arguments, input: input, gradient: gradient)
    case 2: OuterTile<2, 1>.run(arguments, input: input, gradient: gradient)
    case 3: OuterTile<3, 1>.run(arguments, input: input, gradient: gradient)
    case 4: OuterTile<4, 1>.run(arguments, input: input, gradient: gradient)
    case 5: OuterTile<5, 1>.run(arguments, input: input, gradient: gradient)
    case 6: OuterTile<6, 1>.run(arguments, input: input, gradient: gradient)
    case 7: OuterTile<7, 1>.run(arguments, input: input, gradient: gradient)
    case 8: OuterTile<8, 1>.run(arguments, input: input, gradient: gradient)
    case 9: OuterTile<9, 1>.run(arguments, input: input, gradient: gradient)
    case 10: OuterTile<10, 1>.run(arguments, input: input, gradient: gradient)
    case 11: OuterTile<11, 1>.run(arguments, input: input, gradient: gradient)
    case 12: OuterTile<12, 1>.run(arguments, input: input, gradient: gradient)
    case 13: OuterTile<13, 1>.run(arguments, input: input, gradient: gradient)
    case 14: OuterTile<14, 1>.run(arguments, input: input, gradient: gradient)
    case 15: OuterTile<15, 1>.run(arguments, input: input, gradient: gradient)
    default: OuterTile<16, 1>.run(arguments, input: input, gradient: gradient)
    }
  }
  #endif
}
