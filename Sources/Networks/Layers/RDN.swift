/// The residual dense network: dense blocks whose layers see everything before them.
///
/// With G0 channels, growth G, B blocks of C layers and F features:
///
///     s = shallow1(x)                 conv 1 -> G0, 3
///     t = shallow2(s)                 conv G0 -> G0, 3
///     for each block:
///       q = t
///       for each layer:  q = cat(q, relu(layer(q)))     conv G0 + G j -> G, 3; new channels last
///       t = t + fusion(q)             conv G0 + G C -> G0, 1
///       keep t
///     g = globalFusion1(cat(all kept t))                conv G0 B -> G0, 1
///     g = globalFusion2(g) + s        conv G0 -> G0, 3; the skip comes from shallow1
///     features = output(g)            conv G0 -> F, 3
///
/// Only the layers inside blocks have a ReLU. The published class needs G = G0; here G is free.
/// Names: `encoder.sfe1`, `sfe2`, `rdbs.b.layers.j.conv`, `rdbs.b.lff`, `gff.0`, `gff.1`, `output`.
public struct RDN: Sendable, Equatable {
  /// One dense block.
  public struct Block: Sendable, Equatable {
    /// 3x3x3, each followed by a ReLU.
    public var layers: [Convolution]
    /// 1x1x1 over the block input and all new channels; its result is added to the block input.
    public var fusion: Convolution
  }

  /// conv 1 -> G0; its result is also the long skip.
  public var shallow1: Convolution
  /// conv G0 -> G0; its result enters the first block.
  public var shallow2: Convolution
  /// Dense blocks in order, at least one.
  public var blocks: [Block]
  /// 1x1x1 over the results of all blocks.
  public var globalFusion1: Convolution
  /// 3x3x3; the result of `shallow1` is added to its result.
  public var globalFusion2: Convolution
  /// conv G0 -> F.
  public var output: Convolution

  /// G0.
  public var width: Int { shallow1.outputs }
  /// G.
  public var growth: Int { blocks[0].layers[0].outputs }

  /// All convolutions in the order of the file.
  public var convolutions: [Convolution] {
    [shallow1, shallow2] + blocks.flatMap { $0.layers + [$0.fusion] }
      + [globalFusion1, globalFusion2, output]
  }
}
