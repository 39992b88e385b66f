import Checkpoints

/// The common weights of a network and the sets that are added to them.
public struct BlendedWeights: Sendable {
  /// How they are blended.
  public let rule: WeightBlend
  private let common: [Tensor]
  private let sets: [[Tensor]]

  /// What the names of a set's tensors begin with.
  public static func prefix(set: Int) -> String { "blend.\(set)." }

  /// Takes the sets, in the order of the layers, from tensors whose common ones were checked.
  ///
  /// - Throws: If a set has not the tensors of the network.
  init(
    _ rule: WeightBlend, of configuration: ArSSRConfiguration, _ index: TensorIndex
  ) throws(NetworkFault) {
    let names = configuration.layers.flatMap(\.tensors).map(\.name)
    var sets: [[Tensor]] = []
    for prefix in (0..<rule.setCount).map(Self.prefix) {
      let set = index.part(prefix)
      try configuration.check(set, prefix: prefix)
      sets.append(names.compactMap { set[prefix + $0] })
    }
    self.rule = rule
    self.sets = sets
    common = names.compactMap { index[$0] }
  }

  /// Floats of all sets.
  public var parameterCount: Int {
    sets.reduce(0) { $0 + $1.reduce(0) { $0 + $1.values.count } }
  }

  /// The weights for an input, in the order of the layers.
  func tensors(for traits: InputTraits) -> [Tensor] {
    var tensors = common
    for (set, share) in zip(sets, rule.shares(for: traits)) where share != 0 {
      for index in tensors.indices {
        for place in tensors[index].values.indices {
          tensors[index].values[place] += share * set[index].values[place]
        }
      }
    }
    return tensors
  }
}

extension ArSSRNetwork {
  /// The network for an input; itself where its weights are the same for all.
  public func blended(for traits: InputTraits) -> ArSSRNetwork {
    guard let blend else { return self }
    let index = TensorIndex(blend.tensors(for: traits))
    let configuration = configuration
    var variants = variants
    variants.blend = nil
    return ArSSRNetwork(
      encoder: Encoder(configuration, index), decoder: Decoder(configuration, index),
      variants: variants, notices: notices)
  }
}
