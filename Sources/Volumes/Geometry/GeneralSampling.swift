/// The positions of a target that lies anyhow in the input.
public struct GeneralSampling: Sendable, Equatable {
  /// Target voxel index to input voxel coordinates (integers are centres).
  public var matrix: Affine
  /// Voxels of the target along its own axes.
  public var outputSize: SIMD3<Int>
  /// Voxels of the input.
  public var inputSize: SIMD3<Int>

  /// Pairs the map with both sizes.
  public init(matrix: Affine, outputSize: SIMD3<Int>, inputSize: SIMD3<Int>) {
    self.matrix = matrix
    self.outputSize = outputSize
    self.inputSize = inputSize
  }

  /// The input coordinates of a target voxel.
  public func position(i: Int, j: Int, k: Int) -> SIMD3<Double> {
    matrix.apply(SIMD3(Double(i), Double(j), Double(k)))
  }

  /// Whether a point of the input's index space lies in its field of view.
  public func isInside(_ u: SIMD3<Double>) -> Bool {
    isInFieldOfView(u.x, size: inputSize.x) && isInFieldOfView(u.y, size: inputSize.y)
      && isInFieldOfView(u.z, size: inputSize.z)
  }

  /// The voxels i of the target's row (j, k) that lie in the input's field of view.
  ///
  /// A straight line meets the box in one piece. Its ends are computed and then moved to where
  /// ``isInside(_:)`` changes, so that both always agree.
  public func insideRange(j: Int, k: Int) -> Range<Int> {
    let start = position(i: 0, j: j, k: k)
    let step = matrix.columns.i
    var from = 0.0
    var to = Double(outputSize.x - 1)
    for axis in 0..<3 {
      let low = -0.5 - fieldOfViewTolerance
      let high = Double(inputSize[axis]) - 0.5 + fieldOfViewTolerance
      if step[axis] == 0 {
        if !isInFieldOfView(start[axis], size: inputSize[axis]) { return 0..<0 }
        continue
      }
      let ends = ((low - start[axis]) / step[axis], (high - start[axis]) / step[axis])
      // A position is rounded by some units in the last place of its terms, which is many voxels
      // where a step is hardly more than that.
      let size = max(abs(low), abs(high), abs(start[axis]), abs(step[axis]) * to)
      let slack = 4 * size.ulp / abs(step[axis])
      from = max(from, min(ends.0, ends.1) - slack)
      to = min(to, max(ends.0, ends.1) + slack)
    }
    // One more voxel at both ends than the division could hide.
    let end = Double(outputSize.x)
    var first = Int(min(max(from.rounded(.down) - 1, 0), end))
    var last = Int(max(min(to.rounded(.up) + 1, end - 1), -1))
    while first <= last, !isInside(position(i: first, j: j, k: k)) { first += 1 }
    while first <= last, !isInside(position(i: last, j: j, k: k)) { last -= 1 }
    return first <= last ? first..<(last + 1) : 0..<0
  }

  /// The number of target voxels inside the input's field of view.
  public var insideCount: Int {
    var count = 0
    for k in 0..<outputSize.z {
      for j in 0..<outputSize.y { count += insideRange(j: j, k: k).count }
    }
    return count
  }
}
