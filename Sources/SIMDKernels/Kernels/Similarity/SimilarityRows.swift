import KernelInterface

/// A plane of the map of structural similarity.
///
/// 1. Formula, layouts: `SimilarityArguments`.
/// 2. No alignment is needed. Rows of the map are written up to whole vectors.
/// 3. Rows are filtered along k as they come, kept for as many rows as the window has, filtered along j
///    and then along i, so that all of it stays in the cache.
/// 4. Sums in the order of the taps, each step one fused multiply-add where the set has it; tests:
///    the stored values, within 1e-12.
/// 5. `metrics.md` of the results.
func similarityPlane(_ arguments: SimilarityArguments) {
  let plane = SimilarityRows(arguments)
  for row in 0..<arguments.rows {
    plane.fetch(row)
    plane.filterAlongK(into: row % arguments.taps)
    if row >= arguments.taps - 1 {
      plane.filterAlongJ(from: row - arguments.taps + 1)
      plane.filterAlongI(into: arguments.map + (row - arguments.taps + 1) * arguments.mapStride)
    }
  }
}

/// The memory of a plane and its steps.
private struct SimilarityRows {
  let arguments: SimilarityArguments
  let taps: Int
  /// Numbers from a row to the next.
  let stride: Int
  /// Rows of the image, then of the reference, of all planes of the window.
  let loaded: UnsafeMutablePointer<Double>
  /// x, y, x^2, y^2, xy filtered along k: `[field][row modulo taps]`.
  let ring: UnsafeMutablePointer<Double>
  /// The same filtered along j, one row each.
  let columns: UnsafeMutablePointer<Double>

  @inline(__always)
  init(_ arguments: SimilarityArguments) {
    self.arguments = arguments
    taps = arguments.taps
    stride = SimilarityArguments.rowCount(width: arguments.width, taps: taps)
    loaded = arguments.scratch
    ring = loaded + 2 * taps * stride
    columns = ring + 5 * taps * stride
    let count = SimilarityArguments.scratchCount(width: arguments.width, taps: taps)
    for index in 0..<count { arguments.scratch[index] = 0 }
  }

  @inline(never)
  func fetch(_ row: Int) {
    let planeStride = arguments.rows * arguments.width
    for tap in 0..<taps {
      let offset = tap * planeStride + row * arguments.width
      let (image, reference) = (arguments.image + offset, arguments.reference + offset)
      let (first, second) = (loaded + tap * stride, loaded + (taps + tap) * stride)
      for index in 0..<arguments.width { first[index] = Double(image[index]) }
      for index in 0..<arguments.width { second[index] = Double(reference[index]) }
    }
  }

  @inline(never)
  func filterAlongK(into slot: Int) {
    let target = ring + slot * stride
    let field = taps * stride
    var index = 0
    while index < arguments.width {
      var (x, y) = (Wide.zero, Wide.zero)
      var (xx, yy, xy) = (Wide.zero, Wide.zero, Wide.zero)
      for tap in 0..<taps {
        let weight = Wide(repeating: arguments.weights[tap])
        let image = load(loaded + tap * stride + index)
        let truth = load(loaded + (taps + tap) * stride + index)
        let (weighted, weightedTruth) = (weight * image, weight * truth)
        x += weighted
        y += weightedTruth
        xx = multiplyAdd(xx, weighted, image)
        yy = multiplyAdd(yy, weightedTruth, truth)
        xy = multiplyAdd(xy, weighted, truth)
      }
      store(x, to: target + index)
      store(y, to: target + field + index)
      store(xx, to: target + 2 * field + index)
      store(yy, to: target + 3 * field + index)
      store(xy, to: target + 4 * field + index)
      index += wideLanes
    }
  }

  @inline(never)
  func filterAlongJ(from first: Int) {
    for field in 0..<5 {
      let rows = ring + field * taps * stride
      let target = columns + field * stride
      var index = 0
      while index < arguments.width {
        var sum = Wide.zero
        var slot = first % taps
        for tap in 0..<taps {
          sum = multiplyAdd(
            sum, Wide(repeating: arguments.weights[tap]), load(rows + slot * stride + index))
          slot += 1
          if slot == taps { slot = 0 }
        }
        store(sum, to: target + index)
        index += wideLanes
      }
    }
  }

  @inline(never)
  func filterAlongI(into map: UnsafeMutablePointer<Double>) {
    let voxels = Double(taps * taps * taps)
    let unbiased = Wide(repeating: voxels / (voxels - 1))
    let c1 = Wide(repeating: arguments.c1)
    let c2 = Wide(repeating: arguments.c2)
    var index = 0
    while index < arguments.width - taps + 1 {
      var (x, y) = (Wide.zero, Wide.zero)
      var (xx, yy, xy) = (Wide.zero, Wide.zero, Wide.zero)
      for tap in 0..<taps {
        let weight = Wide(repeating: arguments.weights[tap])
        let source = columns + index + tap
        x = multiplyAdd(x, weight, load(source))
        y = multiplyAdd(y, weight, load(source + stride))
        xx = multiplyAdd(xx, weight, load(source + 2 * stride))
        yy = multiplyAdd(yy, weight, load(source + 3 * stride))
        xy = multiplyAdd(xy, weight, load(source + 4 * stride))
      }
      let varianceX = unbiased * (xx - x * x)
      let varianceY = unbiased * (yy - y * y)
      let covariance = unbiased * (xy - x * y)
      let above = (x * y + x * y + c1) * (covariance + covariance + c2)
      let below = (x * x + y * y + c1) * (varianceX + varianceY + c2)
      store(above / below, to: map + index)
      index += wideLanes
    }
  }
}
