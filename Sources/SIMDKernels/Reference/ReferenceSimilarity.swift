import KernelInterface

/// Plain sums over `SimilarityArguments`: every voxel's window by itself, filtered along k, j and i.
func referenceSimilarity(_ arguments: SimilarityArguments) {
  let (width, taps) = (arguments.width, arguments.taps)
  let inner = width - taps + 1
  // x, y, x^2, y^2, xy filtered along k, for every voxel of the plane, row after row.
  let alongK = (0..<arguments.rows * width).map { place -> [Double] in
    var sums = [Double](repeating: 0, count: 5)
    for tap in 0..<taps {
      let x = Double(arguments.image[tap * arguments.rows * width + place])
      let y = Double(arguments.reference[tap * arguments.rows * width + place])
      for (field, value) in [x, y, x * x, y * y, x * y].enumerated() {
        sums[field] += arguments.weights[tap] * value
      }
    }
    return sums
  }
  func filtered(_ values: [[Double]], _ first: Int, _ stride: Int) -> [Double] {
    (0..<5).map { field in
      (0..<taps).reduce(0) { sum, tap in
        sum + arguments.weights[tap] * values[first + tap * stride][field]
      }
    }
  }
  let voxels = Double(taps * taps * taps)
  let unbiased = voxels / (voxels - 1)
  for row in 0..<arguments.rows - taps + 1 {
    let alongJ = (0..<width).map { filtered(alongK, row * width + $0, width) }
    for column in 0..<inner {
      let sums = filtered(alongJ, column, 1)
      let (x, y) = (sums[0], sums[1])
      let varianceX = unbiased * (sums[2] - x * x)
      let varianceY = unbiased * (sums[3] - y * y)
      let covariance = unbiased * (sums[4] - x * y)
      let above = (2 * x * y + arguments.c1) * (2 * covariance + arguments.c2)
      let below =
        (x * x + y * y + arguments.c1) * (varianceX + varianceY + arguments.c2)
      arguments.map[row * arguments.mapStride + column] = above / below
    }
  }
}
