import Networks

/// Convolutions as operations on numbered values; value 0 is the batch of patches.
///
/// Concatenations are lists of operands, so nothing is copied, neither forward nor backward.
struct EncoderGraph: Sendable {
  /// One operation, which makes the value `output`.
  struct Node: Sendable {
    /// The operands in the order of the concatenation, or the two values of a sum.
    var inputs: [Int]
    /// The layer's index in the configuration; nil for a sum and for a normalisation.
    var layer: Int?
    /// The number of a batch normalisation with an ELU behind it, of the concatenation.
    var normalisation: Int?
    /// ReLU follows.
    var isRectified = false
    /// Added to the result.
    var summand: Int?
    /// The summand has one channel, which is added to all.
    var summandIsBroadcast = false
    var output: Int
  }

  /// Channels of each value.
  private(set) var channels: [Int]
  /// In an order in which they can be computed.
  private(set) var nodes: [Node] = []
  private let layers: [LayerShape]
  private var nextLayer = 0

  init(_ configuration: ArSSRConfiguration) {
    self.init(inputs: 1, configuration.layers)
    switch configuration.encoder {
    case .rdn: appendRDN(configuration)
    case .resCNN: appendResCNN(configuration)
    case .srResNet: appendSRResNet(configuration)
    }
  }

  /// No operation yet.
  ///
  /// - Parameters:
  ///   - inputs: Channels of the patches.
  ///   - layers: Those that ``convolve(_:isRectified:adding:isBroadcast:)`` takes one by one.
  init(inputs: Int, _ layers: [LayerShape]) {
    channels = [inputs]
    self.layers = layers
  }

  /// The feature map, which the last node makes.
  var features: Int { channels.count - 1 }

  /// Per value the node that makes it; 0 for the patches.
  var makers: [Int] {
    var makers = [Int](repeating: 0, count: channels.count)
    for (index, node) in nodes.enumerated() { makers[node.output] = index }
    return makers
  }

  /// Channels of each operand of each layer, in the order of the state dict.
  var operands: [[Int]] {
    nodes.filter { $0.layer != nil }.map { $0.inputs.map { channels[$0] } }
  }

  /// Appends the next layer of the state dict and returns the number of its result.
  mutating func convolve(
    _ inputs: [Int], isRectified: Bool = false, adding summand: Int? = nil,
    isBroadcast: Bool = false
  ) -> Int {
    let layer = nextLayer
    nextLayer += 1
    channels.append(layers[layer].weight[0])
    nodes.append(
      Node(
        inputs: inputs, layer: layer, isRectified: isRectified, summand: summand,
        summandIsBroadcast: isBroadcast, output: channels.count - 1))
    return channels.count - 1
  }

  /// Appends a batch normalisation with an ELU behind it and returns the number of its result.
  mutating func normalise(_ inputs: [Int]) -> Int {
    channels.append(inputs.reduce(0) { $0 + channels[$1] })
    nodes.append(
      Node(
        inputs: inputs, normalisation: normalisationChannels.count, output: channels.count - 1))
    return channels.count - 1
  }

  /// Channels of each batch normalisation.
  var normalisationChannels: [Int] {
    nodes.filter { $0.normalisation != nil }.map { channels[$0.output] }
  }

  /// Appends a sum and returns the number of its result.
  mutating func sum(_ first: Int, _ second: Int) -> Int {
    channels.append(channels[first])
    nodes.append(Node(inputs: [first, second], output: channels.count - 1))
    return channels.count - 1
  }

  /// See `RDN`.
  private mutating func appendRDN(_ configuration: ArSSRConfiguration) {
    let shallow = convolve([0])
    var current = convolve([shallow])
    var results: [Int] = []
    for _ in 0..<configuration.blocks {
      var dense = [current]
      for _ in 0..<configuration.layersPerBlock {
        dense.append(convolve(dense, isRectified: true))
      }
      current = convolve(dense, adding: current)
      results.append(current)
    }
    let fused = convolve(results)
    let global = convolve([fused], adding: shallow)
    _ = convolve([global])
  }

  /// See `ResCNN`; a ReLU stands before each sum, whose result cannot tell where it was zero.
  private mutating func appendResCNN(_ configuration: ArSSRConfiguration) {
    var current = convolve([0], isRectified: true)
    for _ in 0..<configuration.blocks {
      var inner = current
      for _ in 0..<configuration.layersPerBlock { inner = convolve([inner], isRectified: true) }
      current = sum(current, inner)
    }
    _ = convolve([current], adding: 0, isBroadcast: true)
  }

  /// See `SRResNet`.
  private mutating func appendSRResNet(_ configuration: ArSSRConfiguration) {
    var current = convolve([0])
    for _ in 0..<configuration.blocks {
      let inner = convolve([current], isRectified: true)
      current = convolve([inner], adding: current)
    }
    current = convolve([current])
    _ = convolve([current])
  }
}
