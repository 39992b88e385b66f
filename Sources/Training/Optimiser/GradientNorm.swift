import Workers

/// Euclidean lengths of a gradient, in double precision.
public struct GradientNorm: Sendable, Equatable {
  /// Of the encoder's part.
  public let encoder: Double
  /// Of all of it.
  public let all: Double

  init(encoder: Double, all: Double) {
    self.encoder = encoder
    self.all = all
  }

  /// Measures a gradient in the order of the layout.
  public init(_ gradient: UnsafePointer<Float>, _ layout: ParameterLayout, _ pool: WorkerPool) {
    let end = layout.encoderLayerCount > 0 ? layout.layers[layout.encoderLayerCount - 1].end : 0
    let encoder = Self.square(gradient, end, pool)
    let decoder = Self.square(gradient + end, layout.count - end, pool)
    self.init(encoder: encoder.squareRoot(), all: (encoder + decoder).squareRoot())
  }

  /// By what a gradient is multiplied so that it is not longer than `limit`; 1 where there is none.
  public func factor(limit: Double?) -> Double {
    guard let limit, all > limit else { return 1 }
    return limit / (all + 1e-6)
  }

  /// The sum of squares, block by block in order.
  private static func square(
    _ values: UnsafePointer<Float>, _ count: Int, _ pool: WorkerPool
  ) -> Double {
    let blocks = (count + ArrayBlocks.length - 1) / ArrayBlocks.length
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(blocks, 1)) { sums in
      let place = UncheckedPointer(sums.baseAddress)
      ArrayBlocks.forEach(count, pool) { block in
        var sum = SIMD4<Double>.zero
        for index in stride(from: block.lowerBound, to: block.upperBound, by: 8) {
          let eight = load(values, index)
          let (low, high) = (SIMD4<Double>(eight.lowHalf), SIMD4<Double>(eight.highHalf))
          sum += low * low + high * high
        }
        place.value?[block.lowerBound / ArrayBlocks.length] = sum.sum()
      }
      return sums[..<blocks].reduce(0, +)
    }
  }
}

/// A pointer to which every worker writes its own elements.
private struct UncheckedPointer: @unchecked Sendable {
  let value: UnsafeMutablePointer<Double>?

  init(_ value: UnsafeMutablePointer<Double>?) { self.value = value }
}
