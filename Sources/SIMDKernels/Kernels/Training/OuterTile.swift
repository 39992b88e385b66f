import CSIMD
import KernelInterface

/// A block of weight gradients: `rows` inputs by `vectors` vectors of output gradients.
///
/// 1. Formula: `WeightGradientArguments`. Per voxel, or pair of voxels where `pairs` is 1,
///    `sums[r][v] += input[r] * gradient[v]`.
/// 2. No pointer needs an alignment; exactly the rows of the tile are read and written.
/// 3. As ``RegisterTile``: all sums in registers, per voxel `vectors` loads and `rows` broadcasts. Both
///    operands stream from L1 or L2; a voxel's inputs lie side by side, so a tile touches one or two
///    cache lines of them.
/// 4. Sums run voxel by voxel from zero and are added to memory once. Test
///    `weightGradientsMatchDoublePrecision`; bound: (voxels + 2) * 2^-24 * sum of |products|.
/// 5. Speed: a step of the paper's shapes ran at 79 % of the peak with direct convolutions and this
///    kernel for all weight gradients (two cores of AMD family 26; `training-benchmark`).
struct OuterTile<let rows: Int, let vectors: Int, let pairs: Int> {
  typealias Sums = InlineArray<rows, InlineArray<vectors, Vector>>

  /// Rows are short and lie far apart: the hardware does not foresee them.
  @inline(__always) private static var rowsAhead: Int { 4 }

  @inline(never)
  static func run(_ arguments: WeightGradientArguments, input: Int, gradient: Int) {
    // By closures: `repeating:` is a function of its own, which variants would share.
    var sums = Sums { _ in InlineArray { _ in broadcast(0) } }
    let inputStride = arguments.inputStride
    let gradientStride = arguments.gradientStride
    for row in 0..<arguments.rowCount {
      var values = arguments.inputs[row] + arguments.inputOffset + input
      var factors = arguments.gradients[row] + gradient
      let later = min(row + Self.rowsAhead, arguments.rowCount - 1)
      let laterValues = arguments.inputs[later] - arguments.inputs[row]
      let laterFactors = arguments.gradients[later] - arguments.gradients[row]
      for _ in 0..<arguments.width {
        csimd_prefetch(values + laterValues)
        for v in 0..<vectors { csimd_prefetch(factors + laterFactors + v * lanes) }
        let panel = InlineArray<vectors, Vector> { v in load(factors + v * lanes) }
        for r in 0..<rows {
          let value = broadcast(values[r])
          for v in 0..<vectors {
            sums[r][v] =
              pairs == 1
              ? multiplyAddPairs(sums[r][v], value, panel[v])
              : multiplyAdd(sums[r][v], value, panel[v])
          }
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
