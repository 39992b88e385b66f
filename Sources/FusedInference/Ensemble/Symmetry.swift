import Volumes

/// A way to turn a volume that leaves its voxels voxels: axes exchanged, then mirrored.
///
/// A network is not symmetric, so it makes something else of a turned volume; turned back, the
/// results can be averaged, and how far they lie apart says how sure the network is of a voxel.
public struct Symmetry: Sendable, Equatable {
  /// The axis of the volume that becomes axis 0, 1, 2 of the turned one.
  public let order: [Int]
  /// Whether each axis of the volume, in its own numbering, is mirrored.
  public let flips: [Bool]

  /// Nothing is changed.
  public static let identity = Symmetry(order: [0, 1, 2], flips: [false, false, false])

  /// The 8 mirrorings; the unchanged volume first.
  public static let mirrorings = all(orders: [[0, 1, 2]])

  /// All mirrorings in all orders of axes that look alike.
  ///
  /// - Parameter alike: Whether two axes have the same spacing and the same steps of the target.
  /// - Returns: 8, 16 or 48 ways; the unchanged volume first.
  public static func all(exchanging alike: (Int, Int) -> Bool) -> [Symmetry] {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    return all(
      orders: orders.filter { order in (0..<3).allSatisfy { alike($0, order[$0]) } })
  }

  private static func all(orders: [[Int]]) -> [Symmetry] {
    orders.flatMap { order in
      (0..<8).map { bits in
        Symmetry(order: order, flips: (0..<3).map { bits >> $0 & 1 == 1 })
      }
    }
  }

  /// The size of a turned volume.
  public func turned(_ size: SIMD3<Int>) -> SIMD3<Int> { SIMD3(order.map { size[$0] }) }

  /// A turned volume.
  ///
  /// - Parameters:
  ///   - voxels: `[k][j][i]` of `size`.
  ///   - size: Voxels along i, j, k.
  /// - Returns: `[k][j][i]` of the turned size.
  public func turned(_ voxels: [Float], size: SIMD3<Int>) -> [Float] {
    if self == .identity { return voxels }
    let strides = [1, size.x, size.x * size.y]
    let start = (0..<3).reduce(0) { $0 + (flips[$1] ? (size[$1] - 1) * strides[$1] : 0) }
    let steps = order.map { flips[$0] ? -strides[$0] : strides[$0] }
    let box = turned(size)
    return [Float](unsafeUninitializedCapacity: voxels.count) { result, filled in
      var place = 0
      for k in 0..<box.z {
        for j in 0..<box.y {
          var index = start + k * steps[2] + j * steps[1]
          for _ in 0..<box.x {
            result.initializeElement(at: place, to: voxels[index])
            index += steps[0]
            place += 1
          }
        }
      }
      filled = place
    }
  }

  /// Where the target's voxels lie in the turned volume.
  ///
  /// - Parameters:
  ///   - sampling: Where they lie in the volume.
  ///   - size: Voxels of the volume.
  /// - Returns: Rising positions along the turned axes where the sampling is separable.
  public func turned(_ sampling: Sampling, size: SIMD3<Int>) -> TurnedSampling {
    switch sampling {
    case .separable(let separable): turned(separable, size: size)
    case .general(let general): turned(general, size: size)
    }
  }

  private func turned(_ base: SeparableSampling, size: SIMD3<Int>) -> TurnedSampling {
    let strides = base.outputStrides
    var start = 0
    var steps = SIMD3<Int>.zero
    let axes = order.enumerated().map { axis, source -> SeparableSampling.Axis in
      let last = Double(size[source] - 1)
      var positions = base.axes[source].positions
      if flips[source] { positions = positions.map { last - $0 } }
      steps[axis] = strides[source]
      // Rising positions let the result leave plane by plane.
      if let first = positions.first, let end = positions.last, first > end {
        positions.reverse()
        start += (positions.count - 1) * steps[axis]
        steps[axis] = -steps[axis]
      }
      return SeparableSampling.Axis(
        positions: positions, outputAxis: axis, inputSize: size[source])
    }
    return TurnedSampling(
      sampling: .separable(SeparableSampling(axes: axes)), start: start, steps: steps)
  }

  private func turned(_ base: GeneralSampling, size: SIMD3<Int>) -> TurnedSampling {
    let rows = order.map { source -> SIMD4<Double> in
      var row = SIMD4(
        base.matrix[source, 0], base.matrix[source, 1], base.matrix[source, 2],
        base.matrix.translation[source])
      if flips[source] {
        row = -row
        row.w += Double(size[source] - 1)
      }
      return row
    }
    let box = base.outputSize
    return TurnedSampling(
      sampling: .general(
        GeneralSampling(
          matrix: Affine(rows: rows[0], rows[1], rows[2]), outputSize: box,
          inputSize: turned(size))),
      start: 0, steps: SIMD3(1, box.x, box.x * box.y))
  }
}

/// The target in a turned volume, and where its voxels belong in the target's own order.
public struct TurnedSampling: Sendable, Equatable {
  /// Where the voxels lie in the turned volume.
  public let sampling: Sampling
  /// The place of the first voxel.
  let start: Int
  /// What one step along i, j, k of the turned result means.
  let steps: SIMD3<Int>
}
