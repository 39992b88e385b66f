import KernelInterface

/// The matrices of Winograd's algorithm along one axis, derived from the points by polynomials.
struct WinogradAxisMatrices {
  /// A^T, G and B^T; rows and columns of points that F(2) lacks are zero.
  private(set) var output: [[Double]] = []
  private(set) var filter: [[Double]] = []
  private(set) var input: [[Double]] = []

  init(isLong: Bool) {
    let inner = Double(WinogradPoints.inner)
    let outer = Double(WinogradPoints.outer)
    let all = [0, inner, -inner, outer, -outer]
    let used = isLong ? all : Array(all.prefix(3))
    let outputs = used.count - 1
    func product(_ points: [Double], without place: Int, at x: Double) -> Double {
      points.enumerated().reduce(1) { $1.offset == place ? $0 : $0 * (x - $1.element) }
    }
    for (place, point) in all.enumerated() {
      let full = product(all, without: place, at: point)
      filter.append([1 / full, point / full, point * point / full])
      guard place < used.count else {
        input.append([])
        continue
      }
      // The filters are divided by F(4)'s product, whichever of the two is computed.
      let own = product(used, without: place, at: point)
      let others = used.enumerated().filter { $0.offset != place }.map(\.element)
      input.append(Self.polynomial(others).map { $0 * full / own } + [0])
    }
    filter.append([0, 0, 1])
    input.append(Self.polynomial(used))
    for power in 0..<outputs {
      var row = [Double](repeating: 0, count: 6)
      for (place, point) in used.enumerated() {
        row[place] = (0..<power).reduce(1) { value, _ in value * point }
      }
      if power == outputs - 1 { row[5] = 1 }
      output.append(row)
    }
  }

  /// Coefficients, lowest power first, of the polynomial with these roots.
  private static func polynomial(_ roots: [Double]) -> [Double] {
    roots.reduce([1]) { coefficients, root in
      var result = [0] + coefficients
      for index in coefficients.indices { result[index] -= root * coefficients[index] }
      return result
    }
  }
}

/// A cube of 6 x 6 x 6 numbers, i fastest.
private struct Cube {
  var values = [Double](repeating: 0, count: 216)

  var squared: Cube { Cube(values: values.map { $0 * $0 }) }

  /// Multiplied along i, j, k by matrices of which every number is replaced.
  func transformed(_ matrices: [[[Double]]], _ replace: (Double) -> Double = abs) -> Cube {
    var source = self
    for (axis, stride) in [1, 6, 36].enumerated() {
      var target = Cube()
      for line in 0..<216 where line / stride % 6 == 0 {
        for (place, row) in matrices[axis].enumerated() {
          for (step, factor) in row.enumerated() {
            let value = source.values[line + step * stride]
            target.values[line + place * stride] += replace(factor) * value
          }
        }
      }
      source = target
    }
    return source
  }
}

extension ConvolutionOperands {
  /// The largest rounding error of Winograd's algorithm, `[k][j][i][paddedOutputs]`.
  ///
  /// With A, G, B the products over the three axes, every computed output is a sum of terms
  /// `A_o,f (G g)_f B_f,v d_v`, and no term passes more than n roundings, in whatever order: 7 per
  /// axis in either transform (at most 6 products and their sum), one of the filter, one of each
  /// product and at most one per channel, bias and residual. So the error is at most
  /// `n u / (1 - n u)` times `|A| (|G||g| . |B||d|)` (Higham, Accuracy and Stability of Numerical
  /// Algorithms, lemma 3.1), plus that of what is added. In bfloat16 a term passes two roundings of
  /// 2^-8 besides, and a pair of channels may pass one more than two channels.
  func winogradBounds(_ precision: Precision, phase: Int) -> [Double] {
    let filters = winogradFilters(abs)
    let channels = problem.inputChannels + (precision == .bfloat16 ? problem.pairs : 0)
    let n = Double(2 * 21 + 1 + 1 + channels + 2) * 0x1p-24
    let rounded = precision == .bfloat16 ? (1 + 0x1p-8) * (1 + 0x1p-8) : 1
    let factor = rounded * (1 + n / (1 - n)) - 1
    var bounds = [Double](repeating: 0, count: problem.voxelCount * problem.paddedOutputs)
    forEachTile(phase: phase, abs) { tiles, matrices, inputs in
      for output in 0..<problem.outputs {
        let sum = products(inputs, filters, output: output).transformed(matrices.map(\.output))
        forEachVoxel(of: tiles) { place, voxel in
          // Random residuals are at most 1.
          let added = abs(Double(bias[output])) + 1
          bounds[voxel * problem.paddedOutputs + output] = (sum.values[place] + added) * factor
        }
      }
    }
    return bounds
  }

  /// The root mean square error that independent roundings of values and filters to bfloat16 make.
  ///
  /// A rounding errs by at most 2^-8 of the value, evenly distributed up to there: by 2^-8 / sqrt(3)
  /// in the mean, less where the significand is larger than 1. Every product has two of them, and the
  /// squares of the errors go through A squared.
  func independentRoundings() -> Double {
    let filters = winogradFilters { $0 }.map(\.squared)
    var sum = 0.0
    forEachTile(phase: 0, { $0 }) { tiles, matrices, inputs in
      let squares = inputs.map(\.squared)
      for output in 0..<problem.outputs {
        let errors = products(squares, filters, output: output)
          .transformed(matrices.map(\.output)) { $0 * $0 }
        forEachVoxel(of: tiles) { place, _ in sum += errors.values[place] }
      }
    }
    return 0x1p-8 * (2 * sum / 3 / Double(problem.voxelCount * problem.outputs)).squareRoot()
  }

  /// Visits all tiles with their matrices along i, j, k and the channels' values at the points.
  private func forEachTile(
    phase: Int, _ replace: (Double) -> Double,
    _ body: ([WinogradTile], [WinogradAxisMatrices], [Cube]) -> Void
  ) {
    let axes = axes(phase: phase)
    for k in 0..<axes.k.count {
      for j in 0..<axes.j.count {
        for i in 0..<axes.i.count {
          let tiles = [axes.i.tile(i), axes.j.tile(j), axes.k.tile(k)]
          let matrices = tiles.map { WinogradAxisMatrices(isLong: $0.isLong) }
          let inputs = (0..<problem.inputChannels).map {
            gathered(tiles, channel: $0, replace).transformed(matrices.map(\.input), replace)
          }
          body(tiles, matrices, inputs)
        }
      }
    }
  }

  /// The sums over channels at the points.
  private func products(_ inputs: [Cube], _ filters: [Cube], output: Int) -> Cube {
    var sum = Cube()
    for (channel, cube) in inputs.enumerated() {
      let filter = filters[output * problem.inputChannels + channel]
      for index in 0..<216 { sum.values[index] += cube.values[index] * filter.values[index] }
    }
    return sum
  }

  private func winogradFilters(_ replace: (Double) -> Double) -> [Cube] {
    let filter = WinogradAxisMatrices(isLong: true).filter
    return (0..<problem.outputs * problem.inputChannels).map { pair in
      var cube = Cube()
      for tap in 0..<27 {
        cube.values[tap / 9 * 36 + tap / 3 % 3 * 6 + tap % 3] =
          replace(Double(weights[pair * 27 + tap]))
      }
      return cube.transformed([filter, filter, filter], replace)
    }
  }

  /// A channel's voxels that a tile reads, each replaced.
  private func gathered(
    _ tiles: [WinogradTile], channel: Int, _ replace: (Double) -> Double
  ) -> Cube {
    var channel = channel
    var operand = 0
    while channel >= problem.operands[operand].channels {
      channel -= problem.operands[operand].channels
      operand += 1
    }
    let size = [problem.width, problem.rows, problem.planes]
    var cube = Cube()
    for place in 0..<216 {
      let voxel = [place % 6, place / 6 % 6, place / 36].enumerated().map {
        tiles[$0.offset].start - 1 + $0.element
      }
      guard (0..<3).allSatisfy({ voxel[$0] >= 0 && voxel[$0] < size[$0] }) else { continue }
      let first = index(problem.operands[operand].voxelStride, voxel[0], voxel[1], voxel[2])
      cube.values[place] = replace(Double(maps[operand][first + channel]))
    }
    return cube
  }

  private func forEachVoxel(
    of tiles: [WinogradTile], _ body: (_ place: Int, _ voxel: Int) -> Void
  ) {
    for k in tiles[2].lower..<tiles[2].upper {
      for j in tiles[1].lower..<tiles[1].upper {
        for i in tiles[0].lower..<tiles[0].upper {
          body(
            ((k - tiles[2].start) * 6 + j - tiles[1].start) * 6 + i - tiles[0].start,
            (k * problem.rows + j) * problem.width + i)
        }
      }
    }
  }
}
