import KernelInterface
import Workers

/// A value or a gradient at Winograd's points.
struct PlaneForm: Sendable {
  /// `B^T d B` with pairs of channels, what convolutions multiply.
  var multiplied: TileMap?
  /// What weight gradients are summed of, with pairs of tiles: of a value `B^T d B`, of a gradient
  /// `A e A^T`.
  var summed: TileMap?
}

/// Which layers are computed at Winograd's points in the plane, and the tiles of their operands.
struct PlaneForms: Sendable {
  /// Per node: forward and for the weights.
  let isPlanar: [Bool]
  /// Per value: whether its gradient is such a convolution of its readers' gradients.
  let isGradientPlanar: [Bool]
  /// Per value.
  private(set) var values: [PlaneForm]
  /// Per value, of its gradient.
  private(set) var gradients: [PlaneForm]
  private var arena: FloatArena?

  /// Chooses layers and makes room: in bfloat16 all 3x3x3 layers that do not read the patches.
  ///
  /// In float32 they would gain nothing over tiles of 4 x 4 x 4 voxels, which need half as many products.
  init(
    _ graph: EncoderGraph, _ sources: [GradientSources], _ layers: [LayerLayout],
    _ tiles: PlaneTiles, _ precision: Precision
  ) throws(WorkersError) {
    let isPlanar = graph.nodes.map { node in
      guard let layer = node.layer, layers[layer].taps == 27, !node.inputs.contains(0) else {
        return false
      }
      return precision == .bfloat16
    }
    let makers = graph.makers
    let isGradientPlanar = sources.map { source in
      !source.spatial.isEmpty && source.spatial.allSatisfy { isPlanar[makers[$0.output]] }
    }
    self.isPlanar = isPlanar
    self.isGradientPlanar = isGradientPlanar
    values = [PlaneForm](repeating: PlaneForm(), count: graph.channels.count)
    gradients = values
    var plan = TilePlan(tiles)
    let end = graph.nodes.count
    for (value, channels) in graph.channels.enumerated() {
      let readers = graph.nodes.indices.filter {
        isPlanar[$0] && graph.nodes[$0].inputs.contains(value)
      }
      if let last = readers.last {
        plan.multiplied(channels, .value(value), from: makers[value], to: last)
        // Until the last weight gradient.
        plan.summed(channels, .value(value), from: makers[value], to: 2 * end + 1)
      }
      let maker = makers[value]
      guard value != 0, isPlanar[maker] else { continue }
      let turned = graph.nodes[maker].inputs.filter { isGradientPlanar[$0] }
      // Backward, operations follow each other from the last node to the first.
      let time = 2 * end - maker
      if let first = turned.map({ makers[$0] }).min() {
        plan.multiplied(channels, .gradient(value), from: time, to: 2 * end - first)
      }
      // Weights are summed while the next gradient is computed.
      plan.summed(channels, .gradient(value), from: time, to: time + 1)
    }
    arena = try plan.fill(&values, &gradients)
  }
}

/// Collects what tiles are needed when, and gives them memory.
private struct TilePlan {
  enum Owner {
    case value(Int)
    case gradient(Int)
  }

  private struct Entry {
    var owner: Owner
    var isSummed: Bool
    var rows: Int
    var rowStride: Int
  }

  private let tiles: PlaneTiles
  private var entries: [Entry] = []
  private var lifetimes: [Lifetime] = []
  private var floats: [Int] = []

  init(_ tiles: PlaneTiles) { self.tiles = tiles }

  mutating func multiplied(_ channels: Int, _ owner: Owner, from first: Int, to last: Int) {
    add(
      owner, isSummed: false, rows: 2 * tiles.pairs,
      rowStride: FeatureLayout.paddedChannels(channels) / 2, first, last)
  }

  mutating func summed(_ channels: Int, _ owner: Owner, from first: Int, to last: Int) {
    add(
      owner, isSummed: true, rows: tiles.pairs,
      rowStride: FeatureLayout.paddedChannels(channels), first, last)
  }

  private mutating func add(
    _ owner: Owner, isSummed: Bool, rows: Int, rowStride: Int, _ first: Int, _ last: Int
  ) {
    entries.append(Entry(owner: owner, isSummed: isSummed, rows: rows, rowStride: rowStride))
    lifetimes.append(Lifetime(first: first, last: last))
    floats.append(TileMap.floats(tiles.shape, rows: rows, rowStride: rowStride))
  }

  /// Gives all tiles memory, which some share that do not live at the same time.
  ///
  /// - Returns: What holds the memory.
  func fill(
    _ values: inout [PlaneForm], _ gradients: inout [PlaneForm]
  ) throws(WorkersError) -> FloatArena {
    let places = Lifetime.places(lifetimes, kinds: lifetimes.map { _ in 0 })
    var lengths = [Int](repeating: 0, count: (places.max() ?? -1) + 1)
    for (place, floats) in zip(places, floats) { lengths[place] = max(lengths[place], floats) }
    let arena = try FloatArena(lengths)
    for (entry, place) in zip(entries, places) {
      let map = TileMap(
        tiles.shape, rows: entry.rows, rowStride: entry.rowStride, at: arena.array(place))
      switch (entry.owner, entry.isSummed) {
      case (.value(let value), false): values[value].multiplied = map
      case (.value(let value), true): values[value].summed = map
      case (.gradient(let value), false): gradients[value].multiplied = map
      case (.gradient(let value), true): gradients[value].summed = map
      }
    }
    return arena
  }
}
