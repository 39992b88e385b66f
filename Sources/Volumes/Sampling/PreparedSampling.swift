/// A sampling with the taps and weights of an interpolation method worked out once, for any number
/// of volumes of one size.
public struct PreparedSampling: Sendable {
  /// The method.
  public let method: InterpolationMethod
  /// Voxels of the input along i, j, k.
  public let inputSize: SIMD3<Int>
  /// The positions.
  public let sampling: Sampling
  /// Tables per INPUT axis; empty for a general sampling, whose points are worked out one by one.
  let axes: [PreparedAxis]

  /// Works out the tables; positions and weights in double, weights rounded once to float32.
  public init(_ sampling: Sampling, inputSize: SIMD3<Int>, method: InterpolationMethod) {
    self.method = method
    self.inputSize = inputSize
    self.sampling = sampling
    switch sampling {
    case .separable(let separable):
      axes = separable.axes.enumerated().map { axis, positions in
        PreparedAxis(positions, size: inputSize[axis], method: method)
      }
    case .general:
      axes = []
    }
  }

  /// The box of values that rows make up; see ``Sampling/rowBox``.
  public var rowBox: SIMD3<Int> { sampling.rowBox }

  /// Steps in the target's voxel array that go with one step along i, j, k of ``rowBox``.
  public var outputStrides: SIMD3<Int> { sampling.outputStrides }

  /// Which axes of the input the cubic B-spline filters: those on which it has to interpolate.
  var filteredAxes: [Bool] {
    axes.isEmpty ? [true, true, true] : axes.map { $0.tapCount > 1 }
  }
}

/// The taps of all positions along one input axis.
struct PreparedAxis: Sendable {
  /// Taps per position.
  ///
  /// 1 where every position is a voxel centre: the method then returns the voxel itself, bit for
  /// bit.
  let tapCount: Int
  /// The first tap per position, which may lie up to ``InterpolationMethod/reach`` voxels outside.
  let first: [Int32]
  /// `[position][tap]`.
  let weights: [Float]
  /// Positions in the field of view; tables hold zeros for the others, whose value is 0.
  let inside: Range<Int>

  init(_ axis: SeparableSampling.Axis, size: Int, method: InterpolationMethod) {
    let centresOnly =
      method.keepsVoxels
      && axis.positions[axis.inside].allSatisfy {
        $0 == $0.rounded() && $0 >= 0 && $0 <= Double(size - 1)
      }
    let method = centresOnly ? .nearest : method
    tapCount = method.tapCount
    inside = axis.inside
    var first = [Int32](repeating: 0, count: axis.positions.count)
    var weights = [Float](repeating: 0, count: axis.positions.count * method.tapCount)
    for index in axis.inside {
      let taps = method.taps(at: axis.positions[index], size: size)
      first[index] = Int32(taps.first)
      for tap in 0..<method.tapCount {
        weights[index * method.tapCount + tap] = Float(taps.weights[tap])
      }
    }
    self.first = first
    self.weights = weights
  }
}
