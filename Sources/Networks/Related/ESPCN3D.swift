/// Three convolutions on the LR grid, whose last channels become the voxels of the result.
///
///     c = conv3(relu(conv2(relu(conv1(x)))))              1 -> 50 -> 100 -> r^3
///     result[Z][Y][X] = c[((Z mod r) r + Y mod r) r + X mod r][Z / r][Y / r][X / r]
///
/// x is the LR image itself. LR voxel (z, y, x) lies at voxel (r z, r y, r x) of the result: the
/// network was trained on every r-th voxel. Zero padding at every layer.
/// Names: `conv1`, `conv2`, `conv3`.
///
/// Source: the public 3D-ESPCN project, after Shi and others, CVPR 2016; the order of the channels is
/// that of its program, not of its description.
public struct ESPCN3D: Sendable, Equatable {
  /// 1 -> 50, kernel 3, followed by a ReLU.
  public var first: Convolution
  /// 50 -> 100, kernel 1, followed by a ReLU.
  public var second: Convolution
  /// 100 -> r^3, kernel 3.
  public var third: Convolution
  /// r, the factor along all axes.
  public let factor: Int

  /// Three layers; nil where the outputs are no cube number.
  public init?(first: Convolution, second: Convolution, third: Convolution) {
    guard let factor = Self.factor(outputs: third.outputs) else { return nil }
    self.first = first
    self.second = second
    self.third = third
    self.factor = factor
  }

  /// The factor that so many channels make, if they make one; the largest known is 4.
  static func factor(outputs: Int) -> Int? {
    (1...largestFactor).first { $0 * $0 * $0 == outputs }
  }

  /// The sides of the three kernels.
  static let kernels = [3, 1, 3]

  /// Beyond it a file is not honest.
  static let largestFactor = 32

  /// All convolutions in the order of the file.
  public var convolutions: [Convolution] { [first, second, third] }
}
