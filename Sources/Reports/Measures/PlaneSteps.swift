import Workers

/// The mean step between neighbouring planes along an axis, over what the steps around it are.
///
/// J(p) = mean |v(p + 1) - v(p)|, the value is J(p) / mean of J within 4 planes. Where tiles or
/// blocks did not fit together, the step at their border would stand out.
public struct PlaneSteps: Sendable, Equatable {
  /// Planes to each side that are compared with.
  private static let reach = 4
  /// Where the steps around are below this share of the largest, there is next to nothing to
  /// compare.
  private static let leastShare = 0.1

  /// One value per border between planes; nil where hardly anything changes.
  public let ratios: [Double?]

  /// The largest ratio, with the plane before the border.
  public var largest: (plane: Int, ratio: Double)? {
    let found = ratios.enumerated().max { ($0.element ?? 0) < ($1.element ?? 0) }
    return found.flatMap { place in place.element.map { (place.offset, $0) } }
  }

  /// Measures a volume.
  ///
  /// - Parameters:
  ///   - voxels: `[k][j][i]` of `size`.
  ///   - size: Voxels along i, j, k.
  ///   - axis: 0, 1, 2.
  ///   - pool: Shares the planes.
  public init(_ voxels: [Float], size: SIMD3<Int>, axis: Int, pool: WorkerPool) {
    let strides = SIMD3(1, size.x, size.x * size.y)
    let (first, second) = axis == 0 ? (1, 2) : axis == 1 ? (0, 2) : (0, 1)
    let borders = size[axis] - 1
    let steps = [Double](unsafeUninitializedCapacity: borders) { steps, filled in
      if let base = steps.baseAddress {
        pool.run(borders) { border, _ in
          var sum = 0.0
          for row in 0..<size[second] {
            var index = border * strides[axis] + row * strides[second]
            for _ in 0..<size[first] {
              sum += Double(abs(voxels[index + strides[axis]] - voxels[index]))
              index += strides[first]
            }
          }
          (base + border).initialize(to: sum / Double(size[first] * size[second]))
        }
      }
      filled = borders
    }
    let largest = steps.max() ?? 0
    ratios = steps.indices.map { border in
      let around = max(0, border - Self.reach)...min(borders - 1, border + Self.reach)
      let others = around.filter { $0 != border }
      guard !others.isEmpty else { return nil }
      let mean = others.reduce(0) { $0 + steps[$1] } / Double(others.count)
      return mean > Self.leastShare * largest ? steps[border] / mean : nil
    }
  }
}
