/// Residual blocks of two convolutions without batch normalisation; no long skip.
///
///     t = start(x)                    conv 1 -> width, 3
///     for each block:  t = t + second(relu(first(t)))   conv width -> width, 3
///     t = middle(t)                   conv width -> width, 3
///     features = end(t)               conv width -> F, 3
///
/// Names: `encoder.features.0.0`, `features.i.m.0.0`, `features.i.m.1.0` (i from 1),
/// `features.(blocks + 1).0`, `features.(blocks + 2).0`.
public struct SRResNet: Sendable, Equatable {
  /// One residual block; the ReLU is between the two convolutions.
  public struct Block: Sendable, Equatable {
    /// 3x3x3, followed by the ReLU.
    public var first: Convolution
    /// 3x3x3; its result is added to the block input.
    public var second: Convolution
  }

  /// conv 1 -> width, no activation.
  public var start: Convolution
  /// Residual blocks in order.
  public var blocks: [Block]
  /// conv width -> width, no activation.
  public var middle: Convolution
  /// conv width -> F, no activation.
  public var end: Convolution

  /// Channels inside the network.
  public var width: Int { start.outputs }

  /// All convolutions in the order of the file.
  public var convolutions: [Convolution] {
    [start] + blocks.flatMap { [$0.first, $0.second] } + [middle, end]
  }
}
