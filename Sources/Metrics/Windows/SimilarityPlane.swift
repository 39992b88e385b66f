/// One plane of the map of structural similarity.
///
/// Rows are filtered along k as they come, kept for as many rows as the window has, filtered along j
/// and then along i, so that all of it stays in the cache.
struct SimilarityPlane {
  /// x, y, x^2, y^2, xy.
  private static let fields = 5

  private let pair: ImagePair
  /// The first plane of the window.
  private let plane: Int
  private let weights: [Double]
  private let range: Double
  private let quads: Int

  init(_ pair: ImagePair, plane: Int, weights: [Double], range: Double) {
    self.pair = pair
    self.plane = plane
    self.weights = weights
    self.range = range
    quads = Rows.quads(pair.size.x)
  }

  private var taps: Int { weights.count }
  /// Quads between rows: sums along i read this much beyond the end.
  private var stride: Int { quads + Rows.quads(taps) }

  /// Per mask the sum of the map over the voxels that count, and their number.
  func sums(_ masks: [[UInt8]?]) -> [SIMD2<Double>] {
    var sums = [SIMD2<Double>](repeating: .zero, count: masks.count)
    let rows = 2 * taps + Self.fields * taps + Self.fields + 1
    withUnsafeTemporaryAllocation(of: Quad.self, capacity: rows * stride) { scratch in
      scratch.initialize(repeating: .zero)
      guard let loaded = scratch.baseAddress else { return }
      let ring = loaded + 2 * taps * stride
      let column = ring + Self.fields * taps * stride
      let map = column + Self.fields * stride
      for j in 0..<pair.size.y {
        load(row: j, into: loaded)
        filterAlongK(loaded, into: ring + j % taps * stride)
        guard j >= taps - 1 else { continue }
        filterAlongJ(ring, from: j - taps + 1, into: column)
        filterAlongI(column, into: map)
        add(map, row: j - taps / 2, masks, to: &sums)
      }
    }
    return sums
  }

  /// The row of all planes of the window: of the image, then of the reference.
  private func load(row: Int, into rows: UnsafeMutablePointer<Quad>) {
    for (number, voxels) in [pair.image, pair.reference].enumerated() {
      voxels.withUnsafeBufferPointer { voxels in
        guard let base = voxels.baseAddress else { return }
        for tap in 0..<taps {
          let offset = ((plane + tap) * pair.size.y + row) * pair.size.x
          Rows.load(
            base + offset, count: pair.size.x, into: rows + (number * taps + tap) * stride)
        }
      }
    }
  }

  private func filterAlongK(_ rows: UnsafePointer<Quad>, into ring: UnsafeMutablePointer<Quad>) {
    let fieldStride = taps * stride
    weights.withUnsafeBufferPointer { weights in
      for quad in 0..<quads {
        var (x, y, xx, yy, xy) = (Quad.zero, Quad.zero, Quad.zero, Quad.zero, Quad.zero)
        for tap in 0..<taps {
          let image = rows[tap * stride + quad]
          let truth = rows[(taps + tap) * stride + quad]
          let weighted = weights[tap] * image
          let weightedTruth = weights[tap] * truth
          x += weighted
          y += weightedTruth
          xx += weighted * image
          yy += weightedTruth * truth
          xy += weighted * truth
        }
        ring[quad] = x
        ring[fieldStride + quad] = y
        ring[2 * fieldStride + quad] = xx
        ring[3 * fieldStride + quad] = yy
        ring[4 * fieldStride + quad] = xy
      }
    }
  }

  private func filterAlongJ(
    _ ring: UnsafePointer<Quad>, from first: Int, into column: UnsafeMutablePointer<Quad>
  ) {
    weights.withUnsafeBufferPointer { weights in
      for field in 0..<Self.fields {
        let rows = ring + field * taps * stride
        for quad in 0..<quads {
          var total = Quad.zero
          var slot = first % taps
          for tap in 0..<taps {
            total += weights[tap] * rows[slot * stride + quad]
            slot = slot + 1 == taps ? 0 : slot + 1
          }
          column[field * stride + quad] = total
        }
      }
    }
  }

  private func filterAlongI(_ column: UnsafePointer<Quad>, into map: UnsafeMutablePointer<Quad>) {
    let voxels = Double(taps * taps * taps)
    let unbiased = voxels / (voxels - 1)
    let c1 = 0.01 * range * (0.01 * range)
    let c2 = 0.03 * range * (0.03 * range)
    weights.withUnsafeBufferPointer { buffer in
      guard let weights = buffer.baseAddress else { return }
      for quad in 0..<Rows.quads(pair.size.x - taps + 1) {
        func mean(_ field: Int) -> Quad {
          Rows.sum(column + field * stride, at: 4 * quad, weights, taps: taps)
        }
        let (x, y) = (mean(0), mean(1))
        let varianceX = unbiased * (mean(2) - x * x)
        let varianceY = unbiased * (mean(3) - y * y)
        let covariance = unbiased * (mean(4) - x * y)
        let above = (2 * x * y + c1) * (2 * covariance + c2)
        let below = (x * x + y * y + c1) * (varianceX + varianceY + c2)
        map[quad] = above / below
      }
    }
  }

  private func add(
    _ map: UnsafePointer<Quad>, row: Int, _ masks: [[UInt8]?], to sums: inout [SIMD2<Double>]
  ) {
    let values = UnsafeRawPointer(map).assumingMemoryBound(to: Double.self)
    let count = pair.size.x - taps + 1
    let first = ((plane + taps / 2) * pair.size.y + row) * pair.size.x + taps / 2
    for (number, mask) in masks.enumerated() {
      var sum = 0.0
      var counted = 0
      if let mask {
        for index in 0..<count where mask[first + index] != 0 {
          sum += values[index]
          counted += 1
        }
      } else {
        for index in 0..<count { sum += values[index] }
        counted = count
      }
      sums[number] += SIMD2(sum, Double(counted))
    }
  }
}
