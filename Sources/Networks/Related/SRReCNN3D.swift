/// A chain of equal convolutions that makes what an interpolated image lacks.
///
///     a = relu(conv1(x))              1 or 2 -> F, kernel k
///     a = relu(conv(a))               F -> F, for all layers between
///     r = convL(a)                    F -> 1
///     result = x[0] + r               r alone where the network is not residual
///
/// x is the LR image, interpolated on the HR grid; a second channel is an HR image of another contrast
/// there. Every layer counts what lies outside the volume as zero: activations, too. Layers, width and
/// kernel are free; published are 10 and 20 layers, 64, 3.
/// Names: `conv1`, ..., `convL`.
///
/// Source: Pham and others, ISBI 2017 and Comput. Med. Imaging Graph. 77:101647, 2019.
public struct SRReCNN3D: Sendable, Equatable {
  /// All layers in order, at least two; each but the last is followed by a ReLU.
  public var convolutions: [Convolution]
  /// Whether the image is added to the result.
  public var isResidual: Bool

  /// A chain of layers, each of which takes what the one before makes.
  public init(convolutions: [Convolution], isResidual: Bool = true) {
    precondition(convolutions.count >= 2, "\(convolutions.count) layers")
    self.convolutions = convolutions
    self.isResidual = isResidual
  }

  /// Images in: 1, or 2 with a guide.
  public var images: Int { convolutions[0].inputs }
  /// Channels inside the network.
  public var width: Int { convolutions[0].outputs }
}
