import KernelInterface
import Workers

/// The weights of an encoder in the order in which kernels read them, packed anew for every step.
///
/// `@unchecked Sendable`: `pack` writes each buffer by one worker; everything else reads.
final class EncoderWeights: @unchecked Sendable {
  /// Packed for each node of the graph; empty for sums.
  let forward: [AlignedBuffer<Float>]
  /// Packed for the gradient of each value through its 1x1x1 readers.
  let pointwise: [AlignedBuffer<Float>]
  /// Packed for the gradient of each value through its 3x3x3 readers.
  let spatial: [AlignedBuffer<Float>]
  /// At Winograd's points for each node that is computed there.
  let planes: [PlaneFilters?]
  /// At Winograd's points for each value whose gradient is computed there.
  let turnedPlanes: [PlaneFilters?]

  /// Per worker.
  private let scratch: [AlignedBuffer<Float>]
  private let graph: EncoderGraph
  private let sources: [GradientSources]
  private let layers: [LayerLayout]
  private let packing: WeightPacking

  init(
    _ graph: EncoderGraph, _ sources: [GradientSources], _ layers: [LayerLayout],
    _ forms: PlaneForms, _ table: KernelTable, workers: Int
  ) throws(WorkersError) {
    self.graph = graph
    self.sources = sources
    self.layers = layers
    packing = WeightPacking(layout: table.layout)
    var forward: [AlignedBuffer<Float>] = []
    for node in graph.nodes {
      let layer = node.layer.map { layers[$0] }
      forward.append(try AlignedBuffer(count: layer?.weightCount ?? 0))
    }
    self.forward = forward
    var pointwise: [AlignedBuffer<Float>] = []
    var spatial: [AlignedBuffer<Float>] = []
    for (value, source) in sources.enumerated() {
      let outputs = FeatureLayout.paddedChannels(graph.channels[value])
      pointwise.append(
        try AlignedBuffer(count: Self.reduction(source.pointwise, layers) * outputs))
      spatial.append(try AlignedBuffer(count: Self.reduction(source.spatial, layers) * outputs))
    }
    self.pointwise = pointwise
    self.spatial = spatial
    var planes: [PlaneFilters?] = []
    for (index, node) in graph.nodes.enumerated() {
      guard let layer = node.layer, forms.isPlanar[index] else {
        planes.append(nil)
        continue
      }
      let size = SpatialSize(inputs: layers[layer].operands, outputs: layers[layer].outputs)
      planes.append(try PlaneFilters(size, table))
    }
    self.planes = planes
    var turnedPlanes: [PlaneFilters?] = []
    for (value, source) in sources.enumerated() {
      let size = SpatialSize(
        inputs: source.spatial.map { graph.channels[$0.output] }, outputs: graph.channels[value])
      turnedPlanes.append(
        forms.isGradientPlanar[value] ? try PlaneFilters(size, table) : nil)
    }
    self.turnedPlanes = turnedPlanes
    var scratch: [AlignedBuffer<Float>] = []
    for _ in 0..<workers {
      scratch.append(try AlignedBuffer(count: FilterTransformArguments.scratchFloats))
    }
    self.scratch = scratch
  }

  private static func reduction(
    _ readers: [GradientSources.Reader], _ layers: [LayerLayout]
  ) -> Int {
    readers.reduce(0) { $0 + layers[$1.layer].outputs * layers[$1.layer].taps }
  }

  /// Packs all weights.
  func pack(_ parameters: UnsafePointer<Float>, _ pool: WorkerPool) {
    let values = sources.count
    pool.run(graph.nodes.count + values) { item, worker in
      let scratch = scratch[worker].pointer
      if item < values {
        packTransposed(sources[item].spatial, value: item, parameters, into: spatial[item])
        packTransposed(sources[item].pointwise, value: item, parameters, into: pointwise[item])
        turnedPlanes[item]?.transform(spatial[item].pointer, scratch: scratch)
      } else {
        packForward(item - values, parameters)
        planes[item - values]?.transform(forward[item - values].pointer, scratch: scratch)
      }
    }
  }

  private func packForward(_ index: Int, _ parameters: UnsafePointer<Float>) {
    guard let layer = graph.nodes[index].layer.map({ layers[$0] }) else { return }
    packing.pack(
      parameters + layer.weights, paddedOutputs: layer.paddedOutputs,
      reduction: layer.taps * layer.inputs, into: forward[index].pointer)
  }

  /// The taps in reverse, because a voxel's gradient comes from where the voxel was read.
  private func packTransposed(
    _ readers: [GradientSources.Reader], value: Int, _ parameters: UnsafePointer<Float>,
    into packed: AlignedBuffer<Float>
  ) {
    guard !readers.isEmpty else { return }
    var columns: [WeightPacking.Columns] = []
    for reader in readers {
      let layer = layers[reader.layer]
      for tap in (0..<layer.taps).reversed() {
        columns.append(
          .init(
            first: parameters + layer.index(output: 0, input: reader.firstChannel, tap: tap),
            stride: layer.paddedOutputs, count: layer.outputs))
      }
    }
    packing.packTransposed(
      columns, outputs: graph.channels[value],
      paddedOutputs: FeatureLayout.paddedChannels(graph.channels[value]),
      reduction: Self.reduction(readers, layers), into: packed.pointer)
  }
}
