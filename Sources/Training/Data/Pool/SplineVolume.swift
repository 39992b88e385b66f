import Volumes
import Workers

/// A volume's cubic B-spline: the value at any position.
struct SplineVolume: Sendable {
  let size: SIMD3<Int>
  private let coefficients: [Float]

  /// Filters a volume, mirrored at its outer centres.
  init(_ voxels: [Float], size: SIMD3<Int>, pool: WorkerPool) {
    self.size = size
    var filtered = voxels
    BSplinePrefilter.apply(to: &filtered, size: size, along: [true, true, true], pool: pool)
    coefficients = filtered
  }

  /// The values at all combinations of positions along three axes, `[k][j][i]`.
  ///
  /// One axis after the other, so that a value costs a few products and not 64.
  func values(i: [Double], j: [Double], k: [Double]) -> [Float] {
    let (tapsI, tapsJ, tapsK) = (Taps(i, size.x), Taps(j, size.y), Taps(k, size.z))
    var result: [Float] = []
    result.reserveCapacity(i.count * j.count * k.count)
    var plane = [Double](repeating: 0, count: tapsJ.count * tapsI.span.count)
    var line = [Double](repeating: 0, count: tapsI.span.count)
    // Lines along i of the rows that this k needs, then of the rows of each j.
    var rows = [Double](repeating: 0, count: tapsJ.span.count * tapsI.span.count)
    for pointK in k.indices {
      blendPlanes(tapsK, pointK, tapsJ, tapsI, into: &rows)
      tapsJ.blend(rows, lineLength: line.count, into: &plane)
      for pointJ in j.indices {
        for index in line.indices { line[index] = plane[pointJ * line.count + index] }
        for pointI in i.indices { result.append(Float(tapsI.value(pointI, of: line))) }
      }
    }
    return result
  }

  /// The value at a position.
  func value(at u: SIMD3<Double>) -> Float {
    let taps = (0..<3).map { InterpolationMethod.cubic.taps(at: u[$0], size: size[$0]) }
    var total = 0.0
    for tapK in 0..<4 {
      let voxelK = SplineEdge.mirror.index(taps[2].first + tapK, length: size.z)
      for tapJ in 0..<4 {
        let voxelJ = SplineEdge.mirror.index(taps[1].first + tapJ, length: size.y)
        let row = (voxelK * size.y + voxelJ) * size.x
        var sum = 0.0
        for tapI in 0..<4 {
          let voxelI = SplineEdge.mirror.index(taps[0].first + tapI, length: size.x)
          sum += taps[0].weights[tapI] * Double(coefficients[row + voxelI])
        }
        total += taps[2].weights[tapK] * taps[1].weights[tapJ] * sum
      }
    }
    return Float(total)
  }

  /// The rows of one position along k, over the voxels that the positions along i and j need.
  private func blendPlanes(
    _ tapsK: Taps, _ point: Int, _ tapsJ: Taps, _ tapsI: Taps, into rows: inout [Double]
  ) {
    let length = tapsI.span.count
    for (row, place) in tapsJ.span.enumerated() {
      let voxelJ = SplineEdge.mirror.index(place, length: size.y)
      for (column, placeI) in tapsI.span.enumerated() {
        let voxelI = SplineEdge.mirror.index(placeI, length: size.x)
        var total = 0.0
        for tap in 0..<4 {
          let voxelK = SplineEdge.mirror.index(tapsK.first[point] + tap, length: size.z)
          total +=
            tapsK.weights[point][tap]
            * Double(coefficients[(voxelK * size.y + voxelJ) * size.x + voxelI])
        }
        rows[row * length + column] = total
      }
    }
  }

  /// The taps of positions along one axis, and the voxels that all of them span.
  private struct Taps {
    let first: [Int]
    let weights: [SIMD8<Double>]
    let span: Range<Int>
    var count: Int { first.count }

    init(_ positions: [Double], _ size: Int) {
      let taps = positions.map { InterpolationMethod.cubic.taps(at: $0, size: size) }
      first = taps.map(\.first)
      weights = taps.map(\.weights)
      span = (first.min() ?? 0)..<((first.max() ?? 0) + 4)
    }

    func value(_ point: Int, of line: [Double]) -> Double {
      var total = 0.0
      for tap in 0..<4 { total += weights[point][tap] * line[first[point] - span.lowerBound + tap] }
      return total
    }

    /// Per position, the blend of lines of `lineLength`.
    func blend(_ rows: [Double], lineLength: Int, into plane: inout [Double]) {
      for point in first.indices {
        let start = (first[point] - span.lowerBound) * lineLength
        for index in 0..<lineLength {
          var total = 0.0
          for tap in 0..<4 { total += weights[point][tap] * rows[start + tap * lineLength + index] }
          plane[point * lineLength + index] = total
        }
      }
    }
  }
}
