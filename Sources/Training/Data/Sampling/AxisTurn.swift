/// How the axes of a patch and of everything that belongs to it are exchanged and mirrored.
struct AxisTurn: Equatable {
  /// The axis of the volume that becomes each axis of the sample.
  let order: [Int]
  /// Which axes of the sample run backwards.
  let isMirrored: [Bool]

  /// Leaves everything as it is.
  static let none = AxisTurn(order: [0, 1, 2], isMirrored: [false, false, false])

  init(order: [Int], isMirrored: [Bool]) {
    self.order = order
    self.isMirrored = isMirrored
  }

  /// Draws one of the 48.
  init(_ stream: inout RandomStream) {
    let order = stream.axisOrder()
    let bits = stream.word()
    self.init(order: order, isMirrored: (0..<3).map { bits >> $0 & 1 == 1 })
  }

  /// Where the values along an axis of the sample come from: steps over the source's strides.
  ///
  /// - Parameters:
  ///   - strides: Of the source along i, j, k.
  ///   - sizes: Of the source along i, j, k.
  /// - Returns: Offset and stride along each axis of the sample, and its sizes.
  func steps(strides: [Int], sizes: [Int]) -> (start: Int, strides: [Int], sizes: [Int]) {
    var start = 0
    var turned = [0, 0, 0]
    for axis in 0..<3 {
      let stride = strides[order[axis]]
      turned[axis] = isMirrored[axis] ? -stride : stride
      if isMirrored[axis] { start += stride * (sizes[order[axis]] - 1) }
    }
    return (start, turned, order.map { sizes[$0] })
  }

  /// An array `[k][j][i]` of `sizes`, turned.
  func turned(_ values: [Float], sizes: [Int]) -> [Float] {
    if self == .none || values.isEmpty { return values }
    let steps = steps(strides: [1, sizes[0], sizes[0] * sizes[1]], sizes: sizes)
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for k in 0..<steps.sizes[2] {
      for j in 0..<steps.sizes[1] {
        let row = steps.start + k * steps.strides[2] + j * steps.strides[1]
        for i in 0..<steps.sizes[0] { result.append(values[row + i * steps.strides[0]]) }
      }
    }
    return result
  }

  /// Positions along the three axes of a patch, turned; they still rise.
  func turned(_ positions: [[Double]], patch: Int) -> [[Double]] {
    (0..<3).map { axis in
      let along = positions[order[axis]]
      return isMirrored[axis] ? along.reversed().map { Double(patch - 1) - $0 } : along
    }
  }

  /// A position in a patch, turned.
  func turned(_ position: SIMD3<Double>, patch: Int) -> SIMD3<Double> {
    var result = SIMD3<Double>.zero
    for axis in 0..<3 {
      let along = position[order[axis]]
      result[axis] = isMirrored[axis] ? Double(patch - 1) - along : along
    }
    return result
  }
}
