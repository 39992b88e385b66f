import Glibc
import Volumes

/// Weighted sums of the samples of a line, one per sample of the result: interpolation on
/// coefficients, a blur, means.
struct TapTable: Sendable, Equatable {
  /// Sums.
  let outputLength: Int
  /// Terms per sum.
  let count: Int
  /// The sample of each term: `[sum][term]`.
  private let indices: [Int32]
  /// Its weight; 0 for terms that only fill up.
  private let weights: [Double]

  private init(count: Int, sums: [[(index: Int, weight: Double)]]) {
    self.init(count: count, outputLength: sums.count) { sum in sums[sum] }
  }

  /// Asks for the terms of one sum after the other, so that nothing but the table itself is large.
  private init(
    count: Int, outputLength: Int, terms: (_ sum: Int) -> [(index: Int, weight: Double)]
  ) {
    self.outputLength = outputLength
    self.count = count
    var indices = [Int32](repeating: 0, count: outputLength * count)
    var weights = [Double](repeating: 0, count: outputLength * count)
    for sum in 0..<outputLength {
      for (term, (index, weight)) in terms(sum).enumerated() {
        indices[sum * count + term] = Int32(index)
        weights[sum * count + term] = weight
      }
    }
    self.indices = indices
    self.weights = weights
  }

  /// Sums eight lines.
  func apply(
    to line: UnsafePointer<SIMD8<Double>>, into result: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    indices.withUnsafeBufferPointer { indices in
      weights.withUnsafeBufferPointer { weights in
        for sum in 0..<outputLength {
          var total = SIMD8<Double>.zero
          for term in (sum * count)..<((sum + 1) * count) {
            total += weights[term] * line[Int(indices[term])]
          }
          result[sum] = total
        }
      }
    }
  }
}

extension TapTable {
  /// A spline's values, from its coefficients, at `positions` of a line of `length`.
  ///
  /// With `isStrict`, positions behind the last centre give 0.
  static func spline(_ spline: Spline, positions: [Double], length: Int) -> TapTable {
    let sums = positions.map { position -> [(index: Int, weight: Double)] in
      if spline.isStrict, position > Double(length - 1) { return [] }
      let (first, weights) = splineWeights(order: spline.order, at: position)
      return weights.enumerated().map { tap, weight in
        (spline.edge.index(first + tap, length: length), weight)
      }
    }
    return TapTable(count: spline.order + 1, sums: sums)
  }

  /// A Gaussian of standard deviation `sigma` samples, cut at 4 of them, mirrored at the outer faces.
  static func gaussian(sigma: Double, length: Int) -> TapTable {
    let radius = gaussianRadius(sigma: sigma)
    let shape = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = shape.reduce(0, +)
    let weights = shape.map { $0 / sum }
    return TapTable(count: 2 * radius + 1, outputLength: length) { place in
      weights.enumerated().map { tap, weight in
        (SplineEdge.reflect.index(place - radius + tap, length: length), weight)
      }
    }
  }

  /// Bytes of the table of a Gaussian, at most 2^60 whatever its width; 0 for `sigma` 0, which has
  /// none.
  static func gaussianBytes(sigma: Double, length: Int) -> Int {
    guard sigma > 0 else { return 0 }
    let terms = Double(length) * Double(2 * gaussianRadius(sigma: sigma) + 1)
    let term = MemoryLayout<Int32>.size + MemoryLayout<Double>.size
    return Int(min(terms * Double(term), 0x1p60))
  }

  /// The terms on either side of the middle one.
  private static func gaussianRadius(sigma: Double) -> Int { Int(4 * sigma + 0.5) }

  /// Means of `factor` neighbours; what is left over at the end is dropped.
  static func blockMeans(of factor: Int, length: Int) -> TapTable {
    TapTable(
      count: factor,
      sums: (0..<(length / factor)).map { block in
        (0..<factor).map { (block * factor + $0, 1 / Double(factor)) }
      })
  }

  /// Means of the piecewise constant line over `count` equal parts of it.
  static func areaMeans(count: Int, length: Int) -> TapTable {
    let extent = Double(length) / Double(count)
    let sums = (0..<count).map { part -> [(index: Int, weight: Double)] in
      let (start, end) = (Double(part) * extent, Double(part + 1) * extent)
      let last = min(length - 1, Int(end.rounded(.up)) - 1)
      return (Int(start)...max(Int(start), last)).map { index in
        let overlap = min(end, Double(index + 1)) - max(start, Double(index))
        return (index, max(0, overlap) / extent)
      }
    }
    return TapTable(count: sums.map(\.count).max() ?? 0, sums: sums)
  }

  /// The first coefficient and the weights of a spline's value at a position.
  private static func splineWeights(
    order: Int, at x: Double
  ) -> (first: Int, weights: [Double]) {
    switch order {
    case 0: return (Int((x + 0.5).rounded(.down)), [1])
    case 1:
      let base = x.rounded(.down)
      return (Int(base), [1 - (x - base), x - base])
    case 2:
      let base = (x + 0.5).rounded(.down)
      let t = x - base
      let low = (0.5 - t) * (0.5 - t) / 2
      let middle = 0.75 - t * t
      return (Int(base) - 1, [low, middle, 1 - low - middle])
    default:
      let taps = InterpolationMethod.cubic.taps(at: x, size: 0)
      return (taps.first, (0..<4).map { taps.weights[$0] })
    }
  }
}
