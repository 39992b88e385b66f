import FusedInference
import KernelInterface
import Workers

/// An encoder over a batch, forward and backward, with all that it keeps in between.
///
/// `@unchecked Sendable`: between two jobs of the pool only the caller touches it; within one each
/// worker writes its own planes, its own scratch or its own part of the gradients.
final class EncoderPass: @unchecked Sendable {
  let graph: EncoderGraph
  let layers: [LayerLayout]
  let sources: [GradientSources]
  let weights: EncoderWeights
  let shape: BatchShape
  let table: KernelTable
  let pool: WorkerPool
  /// One per value of the graph.
  let values: [FeatureMap]
  /// Of the loss, one per value but the patches; in place of a rectified value's gradient that of
  /// what entered its ReLU.
  let gradients: [FeatureMap]
  /// Zeros in place of a bias.
  let zeros: AlignedBuffer<Float>
  /// Per worker, for the kernels.
  let scratch: [AlignedBuffer<Float>]
  /// Where 1 stands in place of an input, for the gradients of biases: one address per row.
  let ones: ConstantRows
  /// The parts into which the weight gradients of each node are divided.
  let parts: [[WeightGradientPart]]
  /// What 1x1x1 readers pass back, before the 3x3x3 readers' part is added.
  let partial: FeatureMap
  let choice: ConvolutionChoice
  let winograd: WinogradRunner
  let winogradGradient: WinogradGradientRunner
  let forms: PlaneForms
  let planeRunner: PlaneRunner
  let planeGradient: PlaneGradientRunner
  let chores: Chores
  /// Where the parameters of each batch normalisation lie.
  let normalisations: [NormalisationLayout]
  /// One per batch normalisation.
  let moments: [BatchMoments]
  /// What is kept of their batches.
  let statistics: RunningStatistics?

  init(
    _ layout: ParameterLayout, _ shape: BatchShape, _ precision: Precision, _ table: KernelTable,
    _ pool: WorkerPool, statistics: RunningStatistics? = nil
  ) throws(WorkersError) {
    let graph = layout.graph
    self.graph = graph
    self.shape = shape
    self.table = table
    self.pool = pool
    let layers = layout.layers
    self.layers = layers
    normalisations = layout.normalisations
    self.statistics = statistics
    var moments: [BatchMoments] = []
    for channels in graph.normalisationChannels {
      moments.append(
        try BatchMoments(channels: channels, planes: shape.samples * shape.size.z))
    }
    self.moments = moments
    let sources = GradientSources.all(graph, layers)
    self.sources = sources
    let tiles = PlaneTiles(shape: shape)
    let forms = try PlaneForms(graph, sources, layers, tiles, precision)
    self.forms = forms
    weights = try EncoderWeights(
      graph, sources, layers, forms, table, workers: pool.workerCount)
    let lifetimes = EncoderLifetimes(graph, sources, forms)
    let maps = try FeatureMap.all(
      shape, lifetimes.values + lifetimes.gradients, channels: graph.channels + graph.channels)
    let values = Array(maps.prefix(graph.channels.count))
    self.values = values
    gradients = Array(maps.suffix(graph.channels.count))
    let widest = FeatureLayout.paddedChannels(graph.channels.max() ?? 1)
    zeros = try AlignedBuffer(count: widest)
    var scratch: [AlignedBuffer<Float>] = []
    for _ in 0..<pool.workerCount {
      scratch.append(try AlignedBuffer(count: table.convolutionScratch(shape.size.x, widest)))
    }
    self.scratch = scratch
    partial = try FeatureMap(shape, channels: widest)
    let choice = ConvolutionChoice(instructionSet: table.instructionSet, isExact: false)
    self.choice = choice
    let layerSizes = Self.spatialSizes(graph, sources, layers, except: forms).filter {
      choice.algorithm(kernel: 3, inputs: $0.inputs, outputs: $0.outputs).algorithm == .winograd
    }
    winograd = try WinogradRunner(
      shape,
      filterCount: layerSizes.map(\.filterCount).max() ?? 0,
      scratchCount: layerSizes.map { table.winogradScratch($0.paddedInputs, $0.paddedOutputs) }
        .max() ?? 0, widest: widest, table, pool)
    winogradGradient = try WinogradGradientRunner(
      shape,
      Self.forwardSizes(graph, layers) { !forms.isPlanar[$0] }.filter {
        WinogradGradientRunner.pays($0, shape, table.instructionSet)
      }, table, pool)
    let planarSizes = Self.forwardSizes(graph, layers) { forms.isPlanar[$0] }
    planeRunner = try PlaneRunner(
      tiles,
      operands: max(
        graph.nodes.map(\.inputs.count).max() ?? 0, sources.map(\.spatial.count).max() ?? 0),
      outputs: widest, table, workers: pool.workerCount)
    planeGradient = try PlaneGradientRunner(
      tiles, planarSizes, table, workers: pool.workerCount)
    chores = Chores(pool)
    ones = try ConstantRows(value: 1, count: shape.size.y)
    parts = graph.nodes.map { node in
      node.layer.map { layer in
        WeightGradientPart.all(layers[layer], inputs: node.inputs.map { values[$0] })
      } ?? []
    }
  }

  /// The feature map.
  var features: FeatureMap { values[graph.features] }
  /// The gradient of the feature map, which the decoder fills before ``backward(_:)``.
  var featureGradient: FeatureMap { gradients[graph.features] }

  /// Computes a convolution; then calls `finish` with every row, on the worker that has made it, and
  /// `finishPlane` with every plane.
  func run(
    _ convolution: MapConvolution,
    finish: (_ sample: Int, _ k: Int, _ j: Int) -> Void = { _, _, _ in },
    finishPlane: (_ sample: Int, _ k: Int, _ worker: Int) -> Void = { _, _, _ in }
  ) {
    if convolution.algorithm == .winograd {
      winograd.run(convolution, finish: finish)
      forEachPlane(finishPlane)
      return
    }
    forEachPlane { sample, k, worker in
      convolution.run(sample: sample, k: k, table: table, scratch: scratch[worker].pointer)
      for j in 0..<shape.size.y { finish(sample, k, j) }
      finishPlane(sample, k, worker)
    }
  }

  /// Computes a convolution at Winograd's points in the plane, beside what is open of others.
  func run(
    _ convolution: PlaneConvolution, into form: PlaneForm,
    finishPlane: (_ sample: Int, _ k: Int, _ worker: Int) -> Void
  ) {
    forEachPlane { sample, k, worker in
      planeRunner.run(convolution, into: form, sample: sample, k: k, worker: worker)
      finishPlane(sample, k, worker)
    }
  }

  /// Calls the body with every plane of all samples, and does what chores are open.
  func forEachPlane(_ body: (_ sample: Int, _ k: Int, _ worker: Int) -> Void) {
    chores.run(shape.samples * shape.size.z) { item, worker in
      body(item / shape.size.z, item % shape.size.z, worker)
    }
  }

  /// How a convolution of some values, or of their gradients, is computed.
  func algorithm(extent: Int, inputs: [Int], outputs: Int) -> ConvolutionAlgorithm {
    // Patches have no room for the padding that Winograd's transforms read.
    if inputs.contains(0) { return .direct }
    return choice.algorithm(
      kernel: extent, inputs: inputs.map { graph.channels[$0] }, outputs: outputs
    ).algorithm
  }
}
