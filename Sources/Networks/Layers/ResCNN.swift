/// Plain residual blocks, and the one-channel input added to every feature channel.
///
///     a = relu(start(x))              conv 1 -> width, 3
///     for each block:
///       q = a
///       for each layer:  q = relu(layer(q))             conv width -> width, 3
///       a = a + q                     the ReLU of the last layer comes before the sum
///     features = x + end(a)           conv width -> F, 3; x is added to every channel
///
/// Names: `encoder.conv_start.0`, `block1.0`, `block1.2`, ..., `conv_end.0`.
public struct ResCNN: Sendable, Equatable {
  /// conv 1 -> width, followed by a ReLU.
  public var start: Convolution
  /// `[block][layer]`, each layer followed by a ReLU.
  public var blocks: [[Convolution]]
  /// conv width -> F; the input is added to every channel of its result.
  public var end: Convolution

  /// Channels inside the network.
  public var width: Int { start.outputs }

  /// All convolutions in the order of the file.
  public var convolutions: [Convolution] { [start] + blocks.flatMap { $0 } + [end] }
}
