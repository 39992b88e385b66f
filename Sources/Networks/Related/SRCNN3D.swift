/// Three convolutions that make the image itself, without padding inside.
///
///     result = conv3(relu(conv2(relu(conv1(x)))))         1 -> F1 -> F2 -> 1
///
/// x is the LR image interpolated on the HR grid, its outer voxels repeated ``SRCNN3D/padding`` times on
/// all sides; the layers then compute only where their whole kernel lies in what they read, so that the
/// result has the size of the image. Published: kernels 9, 1, 5 (or 9, 3, 5 and 9, 5, 5), F1 64, F2 32.
/// Names: `conv1`, `conv2`, `conv3`.
///
/// Source: Pham and others, ISBI 2017. The published program for CPUs flips the kernels and repeats
/// edges at every layer; this is what its program for GPUs computes, which the weights belong to.
public struct SRCNN3D: Sendable, Equatable {
  /// 1 -> F1, followed by a ReLU.
  public var first: Convolution
  /// F1 -> F2, followed by a ReLU.
  public var second: Convolution
  /// F2 -> 1.
  public var third: Convolution

  /// Three layers, each of which takes what the one before makes.
  public init(first: Convolution, second: Convolution, third: Convolution) {
    self.first = first
    self.second = second
    self.third = third
  }

  /// All convolutions in the order of the file.
  public var convolutions: [Convolution] { [first, second, third] }

  /// Voxels by which the image is continued on every side.
  public var padding: Int { convolutions.reduce(0) { $0 + $1.reach } }
}
