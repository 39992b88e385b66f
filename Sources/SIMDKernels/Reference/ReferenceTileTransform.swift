import KernelInterface

/// The transforms of a tile along one axis as matrices, from the definition of ``WinogradPoints``.
enum PointMatrix {
  private static let points: [Double] = {
    let (inner, outer) = (Double(WinogradPoints.inner), Double(WinogradPoints.outer))
    return [0, inner, -inner, outer, -outer]
  }()

  /// `[point][voxel]`: coefficients of the product of `x - p` over all other points p; of all points
  /// for infinity.
  static let inputs: [[Double]] = {
    let finite: [[Double]] = points.indices.map { index in
      let others: [Double] = points.indices.filter { $0 != index }.map { points[$0] }
      return polynomial(others) + [0]
    }
    return finite + [polynomial(points)]
  }()

  /// `[point][voxel]`: powers of the point; the last voxel for infinity.
  static let gradients: [[Double]] =
    points.map { [1, $0, $0 * $0, $0 * $0 * $0] } + [[0, 0, 0, 1]]

  /// `[tap][point]`: powers of the point over its distances to the others; infinity: the last tap.
  static let taps: [[Double]] = (0..<3).map { tap in
    points.indices.map { power(points[$0], tap) / distances(from: $0) } + [tap == 2 ? 1 : 0]
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { power, _ in power * base }
  }

  private static func distances(from index: Int) -> Double {
    points.indices.filter { $0 != index }.reduce(1.0) { $0 * (points[index] - points[$1]) }
  }

  /// Coefficients of the product of `x - root`, the lowest first.
  private static func polynomial(_ roots: [Double]) -> [Double] {
    var factors: [Double] = [1]
    for root in roots {
      let shifted = [0] + factors
      let scaled = factors.map { -root * $0 } + [0]
      factors = zip(shifted, scaled).map { $0 + $1 }
    }
    return factors
  }

  /// Applies a matrix along both axes of a square `[j][i]`.
  static func applyInPlane(_ matrix: [[Double]], _ square: [Double]) -> [Double] {
    let (outputs, inputs) = (matrix.count, matrix[0].count)
    return (0..<outputs * outputs).map { place in
      square.indices.reduce(0.0) { sum, source in
        sum + matrix[place / outputs][source / inputs] * matrix[place % outputs][source % inputs]
          * square[source]
      }
    }
  }

  /// Rows and columns exchanged.
  static func turned(_ matrix: [[Double]]) -> [[Double]] {
    matrix[0].indices.map { column in matrix.map { $0[column] } }
  }

  /// Applies a matrix along each of three axes of a cube `[k][j][i]`.
  static func apply(_ matrix: [[Double]], _ cube: [Double]) -> [Double] {
    let (outputs, inputs) = (matrix.count, matrix[0].count)
    var result = [Double](repeating: 0, count: outputs * outputs * outputs)
    for place in result.indices {
      let (k, j, i) = (place / (outputs * outputs), place / outputs % outputs, place % outputs)
      for source in cube.indices {
        let (c, b, a) = (source / (inputs * inputs), source / inputs % inputs, source % inputs)
        result[place] += matrix[k][c] * matrix[j][b] * matrix[i][a] * cube[source]
      }
    }
    return result
  }
}

/// `B^T d` by the definition.
func referenceInputTile(_ arguments: TileTransformArguments) {
  transform(arguments, PointMatrix.inputs, side: 6)
}

/// `A e` by the definition.
func referenceGradientTile(_ arguments: TileTransformArguments) {
  transform(arguments, PointMatrix.gradients, side: 4)
}

private func transform(_ arguments: TileTransformArguments, _ matrix: [[Double]], side: Int) {
  for channel in 0..<arguments.channels {
    let cube = (0..<side * side * side).map { place -> Double in
      let column = arguments.column + place % side
      guard (0..<arguments.width).contains(column) else { return 0 }
      return Double(arguments.rows[place / side][column * arguments.voxelStride + channel])
    }
    for (frequency, value) in PointMatrix.apply(matrix, cube).enumerated() {
      arguments.values[frequency * arguments.frequencyStride + channel] = Float(value)
    }
  }
}

/// `G^T` by the definition.
func referenceFilterGradient(_ arguments: FilterGradientArguments) {
  for output in 0..<arguments.outputs {
    let cube = (0..<WinogradPoints.frequencies).map {
      Double(arguments.values[$0 * arguments.frequencyStride + output])
    }
    for (tap, value) in PointMatrix.apply(PointMatrix.taps, cube).enumerated() {
      arguments.gradient[tap * arguments.tapStride + output] += Float(value)
    }
  }
}
