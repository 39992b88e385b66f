/// Where the voxels of a target grid lie in the input.
public enum Sampling: Sendable, Equatable {
  /// Target axes run along input axes; they may be permuted or flipped.
  case separable(SeparableSampling)
  /// Any affine position: turned, sheared.
  case general(GeneralSampling)

  /// Where target axes run along input axes; else nil.
  public var separable: SeparableSampling? {
    if case .separable(let sampling) = self { sampling } else { nil }
  }

  /// Voxels of the target along its own axes.
  public var outputSize: SIMD3<Int> {
    switch self {
    case .separable(let sampling): sampling.outputSize
    case .general(let sampling): sampling.outputSize
    }
  }

  /// The box that rows of the target make up: along INPUT axes i, j, k for a separable sampling,
  /// along the target's axes for a general one.
  public var rowBox: SIMD3<Int> {
    switch self {
    case .separable(let sampling): sampling.sizeAlongInputAxes
    case .general(let sampling): sampling.outputSize
    }
  }

  /// Steps in the target's voxel array that go with one step along i, j, k of ``rowBox``.
  public var outputStrides: SIMD3<Int> {
    switch self {
    case .separable(let sampling):
      sampling.outputStrides
    case .general(let sampling):
      SIMD3(1, sampling.outputSize.x, sampling.outputSize.x * sampling.outputSize.y)
    }
  }

  /// The part of row (j, k) of ``rowBox`` that lies in the input's field of view.
  public func insideRange(j: Int, k: Int) -> Range<Int> {
    switch self {
    case .separable(let sampling):
      sampling.axes[1].inside.contains(j) && sampling.axes[2].inside.contains(k)
        ? sampling.axes[0].inside : 0..<0
    case .general(let sampling):
      sampling.insideRange(j: j, k: k)
    }
  }

  /// The number of target voxels inside the input's field of view.
  public var insideCount: Int {
    switch self {
    case .separable(let sampling): sampling.insideCount
    case .general(let sampling): sampling.insideCount
    }
  }
}

extension Sampling {
  /// Two spacings, or steps of a target, count as the same up to this share: more than what
  /// float32 headers and three decimals lose.
  package static let sameStep = 1e-4
}

/// A point counts as inside up to this distance (voxels) beyond the outer faces of the input.
let fieldOfViewTolerance = 1e-6

/// Whether a coordinate lies in the field of view of an axis with `size` voxels.
func isInFieldOfView(_ u: Double, size: Int) -> Bool {
  u >= -0.5 - fieldOfViewTolerance && u <= Double(size) - 0.5 + fieldOfViewTolerance
}

/// The positions of a target whose axes run along input axes.
public struct SeparableSampling: Sendable, Equatable {
  /// The samples along one input axis.
  public struct Axis: Sendable, Equatable {
    /// Positions in input voxels (integers are centres), one per voxel of the output axis that
    /// runs along this input axis; falling where that axis is flipped.
    public var positions: [Double]
    /// The output axis (0 i, 1 j, 2 k) that runs along this input axis.
    public var outputAxis: Int
    /// The indices into ``positions`` that lie in the input's field of view.
    public var inside: Range<Int>

    /// Finds out which positions are inside an axis of `inputSize` voxels.
    ///
    /// The positions must rise or fall throughout, so those inside are neighbours.
    public init(positions: [Double], outputAxis: Int, inputSize: Int) {
      self.positions = positions
      self.outputAxis = outputAxis
      let first = positions.firstIndex { isInFieldOfView($0, size: inputSize) }
      let last = positions.lastIndex { isInFieldOfView($0, size: inputSize) }
      if let first, let last {
        inside = first..<(last + 1)
      } else {
        inside = 0..<0
      }
    }

    /// The mean distance of neighbouring samples in input voxels; 0 of a single one.
    ///
    /// Over the whole axis, so that the rounding of one position hardly counts.
    package var step: Double {
      guard positions.count > 1, let first = positions.first, let last = positions.last else {
        return 0
      }
      return abs(last - first) / Double(positions.count - 1)
    }

    /// Whether the samples are the input's own voxels, in order: position `o` is exactly `o`.
    public func isIdentity(inputSize: Int) -> Bool {
      positions.count == inputSize
        && positions.indices.allSatisfy { positions[$0] == Double($0) }
    }
  }

  /// One entry per INPUT axis i, j, k.
  public var axes: [Axis]

  /// Pairs the three axes; each output axis must occur once.
  public init(axes: [Axis]) {
    precondition(
      axes.map(\.outputAxis).sorted() == [0, 1, 2], "output axes: \(axes.map(\.outputAxis))")
    self.axes = axes
  }

  /// Voxels of the target along its own axes.
  public var outputSize: SIMD3<Int> {
    var size = SIMD3(repeating: 0)
    for axis in axes { size[axis.outputAxis] = axis.positions.count }
    return size
  }

  /// Voxels of the target along INPUT axes i, j, k: the size of the box of an interpolator's rows.
  ///
  /// Equal to ``outputSize`` where no axes are exchanged.
  public var sizeAlongInputAxes: SIMD3<Int> {
    SIMD3(axes[0].positions.count, axes[1].positions.count, axes[2].positions.count)
  }

  /// Whether output axis a runs along input axis a for all three, perhaps backwards.
  public var isAxisAligned: Bool {
    axes.map(\.outputAxis) == [0, 1, 2]
  }

  /// Steps in the target's voxel array (its i fastest) that go with one step along INPUT axes
  /// i, j, k in ``Axis/positions``.
  public var outputStrides: SIMD3<Int> {
    let size = outputSize
    let strides = [1, size.x, size.x * size.y]
    return SIMD3(
      strides[axes[0].outputAxis], strides[axes[1].outputAxis], strides[axes[2].outputAxis])
  }

  /// The number of target voxels inside the input's field of view.
  public var insideCount: Int {
    axes.reduce(1) { $0 * $1.inside.count }
  }
}
