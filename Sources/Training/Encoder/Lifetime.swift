/// When memory is first written and last read, counted in operations of a step: nodes forward from 0 on,
/// then backward from the number of nodes on.
struct Lifetime: Sendable {
  var first: Int
  var last: Int

  /// Numbers of places such that what lives at the same time has a place of its own.
  ///
  /// - Parameters:
  ///   - lifetimes: Of each piece.
  ///   - kinds: Pieces of different kinds share no place.
  /// - Returns: A place per piece, from 0 on.
  static func places(_ lifetimes: [Lifetime], kinds: [Int]) -> [Int] {
    var places: [(last: Int, kind: Int)] = []
    var result = [Int](repeating: 0, count: lifetimes.count)
    for index in lifetimes.indices.sorted(by: { lifetimes[$0].first < lifetimes[$1].first }) {
      let (life, kind) = (lifetimes[index], kinds[index])
      if let free = places.indices.first(where: {
        places[$0].kind == kind && places[$0].last < life.first
      }) {
        result[index] = free
        places[free].last = life.last
      } else {
        result[index] = places.count
        places.append((life.last, kind))
      }
    }
    return result
  }
}

/// Lifetimes of an encoder's values and gradients.
struct EncoderLifetimes: Sendable {
  /// Of the map of each value.
  let values: [Lifetime]
  /// Of the map of each value's gradient.
  let gradients: [Lifetime]

  init(_ graph: EncoderGraph, _ sources: [GradientSources], _ forms: PlaneForms) {
    let makers = graph.makers
    let nodes = graph.nodes.count
    if !graph.normalisationChannels.isEmpty {
      // What a normalisation reads is read again backward, as often as there are readers.
      let whole = Lifetime(first: 0, last: 2 * nodes + 1)
      values = graph.channels.map { _ in whole }
      gradients = values
      return
    }
    // A gradient is made at the time of its value's node, counted from the end.
    func time(_ value: Int) -> Int { 2 * nodes - makers[value] }
    values = graph.channels.indices.map { value in
      var last = value == graph.features ? nodes : makers[value]
      for (index, node) in graph.nodes.enumerated() {
        let isRead = node.inputs.contains(value) && !forms.isPlanar[index]
        if node.summand == value || isRead { last = max(last, index) }
        // Weight gradients come last.
        if isRead && node.layer != nil || value == 0 { last = 2 * nodes + 1 }
      }
      if sources[value].isRectified { last = max(last, time(value)) }
      return Lifetime(first: value == 0 ? 0 : makers[value], last: last)
    }
    gradients = graph.channels.indices.map { value in
      // Its own weight gradients are summed while the next gradient is computed.
      var last = time(value) + 1
      for (reader, source) in sources.enumerated() {
        let isRead =
          source.direct == value || source.pointwise.contains { $0.output == value }
          || source.spatial.contains { $0.output == value }
        if isRead { last = max(last, time(reader)) }
      }
      return Lifetime(first: value == graph.features ? nodes : time(value), last: last)
    }
  }
}
