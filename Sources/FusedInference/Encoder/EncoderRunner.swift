import KernelInterface
import Workers

/// The layers of a program with their weights packed for one instruction set.
final class EncoderRunner: Sendable {
  let program: EncoderProgram
  let kernels: KernelTable
  let pool: WorkerPool
  private let weights: [PackedWeights]
  private let depths: [Int]

  /// Rows of a plane that one item computes: enough to amortise reading the weights (which stay in
  /// L2 meanwhile), few enough for many items per layer.
  private static let rowsPerItem = 8

  convenience init(
    program: EncoderProgram, kernels: KernelTable, pool: WorkerPool
  ) throws(WorkersError) {
    try self.init(program, kernels: kernels, pool: pool, packed: [])
  }

  /// The layers of a program that begins as another runner's does, whose packed weights it shares.
  convenience init(
    _ program: EncoderProgram, extending runner: EncoderRunner
  ) throws(WorkersError) {
    try self.init(program, kernels: runner.kernels, pool: runner.pool, packed: runner.weights)
  }

  private init(
    _ program: EncoderProgram, kernels: KernelTable, pool: WorkerPool, packed first: [PackedWeights]
  ) throws(WorkersError) {
    self.program = program
    self.kernels = kernels
    self.pool = pool
    var packed = first
    for step in program.steps.dropFirst(first.count) {
      packed.append(
        try PackedWeights(
          step, channels: step.inputs.map { program.channels[$0] }, layout: kernels.layout,
          pool: pool))
    }
    weights = packed
    depths = program.depths
  }

  /// The algorithm of the layers that need not be direct.
  var convolution: ConvolutionAlgorithm {
    program.steps.contains { $0.algorithm == .winograd } ? .winograd : .direct
  }

  /// Floats of the packed weights of one NUMA node.
  var weightFloats: Int { weights.reduce(0) { $0 + $1.count } }

  /// Floats of scratch that each worker needs for rows of `width` voxels.
  func scratch(width: Int) -> Int {
    program.steps.map { step in
      let outputs = FeatureLayout.paddedChannels(step.weights.outputs)
      switch step.algorithm {
      case .direct where step.precision == .bfloat16:
        let pairs = step.inputs.reduce(0) { $0 + (program.channels[$1] + 1) / 2 }
        return kernels.pairConvolutionScratch(width, pairs, outputs)
      case .direct: return kernels.convolutionScratch(width, outputs)
      case .winograd:
        let inputs = step.inputs.reduce(0) { $0 + program.voxelStride($1) }
        return kernels.winogradScratch(inputs, outputs)
      }
    }.max() ?? 0
  }

  /// Rows of some planes of one layer's result.
  struct Region {
    var planes: Range<Int>
    var rows: Range<Int>
    var columns: Range<Int>

    var isEmpty: Bool { planes.isEmpty || rows.isEmpty || columns.isEmpty }
  }

  /// Computes a region of the result of step `index`.
  ///
  /// - Parameters:
  ///   - index: Of the program's steps.
  ///   - region: What to compute, in voxels of the volume.
  ///   - maps: Where the program's values are.
  ///   - scratch: One buffer per worker, whose kernel part has ``scratch(width:)`` floats.
  ///   - monitor: Counts the work and may cancel it.
  func run(
    step index: Int, region: Region, maps: ValueMaps, scratch: [WorkerScratch],
    monitor: UpsampleMonitor
  ) {
    monitor.step(.encode, program.steps[index].name, cost(ofStep: index, region)) {
      switch program.steps[index].algorithm {
      case .direct: runRows(index, region, maps: maps, scratch: scratch, monitor: monitor)
      case .winograd: runTiles(index, region, maps: maps, scratch: scratch, monitor: monitor)
      }
    }
  }

  private func runRows(
    _ index: Int, _ region: Region, maps: ValueMaps, scratch: [WorkerScratch],
    monitor: UpsampleMonitor
  ) {
    let step = program.steps[index]
    let packed = weights[index]
    let reach = step.weights.kernel / 2
    let pointwise =
      step.precision == .bfloat16 ? kernels.convolve1x1x1Pairs : kernels.convolve1x1x1
    let convolve = step.weights.kernel == 3 ? kernels.convolve3x3x3 : pointwise
    let chunks = (region.rows.count + Self.rowsPerItem - 1) / Self.rowsPerItem
    pool.run(chunks * region.planes.count) { item, worker in
      guard !monitor.isCancelled else { return }
      let plane = region.planes.lowerBound + item / chunks
      let firstRow = region.rows.lowerBound + item % chunks * Self.rowsPerItem
      let rows = firstRow..<min(firstRow + Self.rowsPerItem, region.rows.upperBound)
      let node = pool.node(ofWorker: worker)
      let written = RowBlock(planes: plane..<plane + 1, rows: rows)
      maps.withOperands(
        of: step, reading: written.expanded(by: reach), writing: written,
        column: region.columns.lowerBound
      ) { operands in
        convolve(
          ConvolutionArguments(
            inputs: operands.inputs, inputCount: step.inputs.count,
            weights: packed.weights(node: node), bias: packed.bias(node: node),
            output: operands.output, residual: operands.residual, rectified: step.rectified,
            width: region.columns.count, rowCount: rows.count,
            scratch: scratch[worker].kernel.pointer))
      }
      monitor.add(step.workPerVoxel * rows.count * region.columns.count)
    }
  }

  private func cost(ofStep index: Int, _ region: Region) -> StepCost {
    let step = program.steps[index]
    let voxels = region.planes.count * region.rows.count * region.columns.count
    let operands = step.inputs + [step.output] + (step.summand.map { [$0.value] } ?? [])
    let floats = operands.reduce(0) { $0 + program.voxelStride($1) }
    return StepCost(
      operations: step.productsPerVoxel * voxels,
      directOperations: program.isPublished(step: index)
        ? step.weights.operationsPerVoxel * voxels : 0,
      bytes: floats * voxels * MemoryLayout<Float>.size)
  }

  /// For a block: multiply-accumulates as the definition counts them, those that are executed, and
  /// those of the direct algorithm that take as long.
  func operations(_ shape: WavefrontShape) -> (count: Int, products: Int, work: Int) {
    program.steps.reduce(into: (count: 0, products: 0, work: 0)) { sum, step in
      let voxels = shape.ranges.reduce(1) { $0 * $1.ranges[step.output].count }
      sum.count += voxels * step.weights.operationsPerVoxel
      sum.products += voxels * step.productsPerVoxel
      sum.work += voxels * step.workPerVoxel
    }
  }

  /// Computes whole tiles: those of one slab of the wavefront, whole bands.
  private func runTiles(
    _ index: Int, _ region: Region, maps: ValueMaps, scratch: [WorkerScratch],
    monitor: UpsampleMonitor
  ) {
    let step = program.steps[index]
    let packed = weights[index]
    let layer = LayerTiles(region, depth: depths[step.output], volume: maps.volume)
    let items = layer.items(workers: pool.workerCount)
    pool.run(items.count) { item, worker in
      guard !monitor.isCancelled else { return }
      let rows = items.rows(item)
      let node = pool.node(ofWorker: worker)
      maps.withOperands(
        of: step, reading: layer.read(rows), writing: layer.written(rows),
        column: region.columns.lowerBound
      ) { operands in
        kernels.convolveWinograd(
          WinogradArguments(
            inputs: operands.inputs, inputCount: step.inputs.count,
            filters: packed.weights(node: node), bias: packed.bias(node: node),
            output: operands.output, residual: operands.residual, rectified: step.rectified,
            axes: layer.axes, tilesI: layer.tilesI, tilesJ: rows, tileK: layer.tileK,
            scratch: scratch[worker].kernel.pointer))
      }
      let written = layer.written(rows)
      monitor.add(
        step.workPerVoxel * written.planes.count * written.rows.count * region.columns.count)
    }
  }
}
