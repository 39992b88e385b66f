import KernelInterface
import Workers

extension EncoderRunner {
  /// Rows of some planes of one layer's result.
  struct Region: Equatable {
    var planes: Range<Int>
    var rows: Range<Int>
    var columns: Range<Int>

    var isEmpty: Bool { planes.isEmpty || rows.isEmpty || columns.isEmpty }
    var voxelCount: Int { planes.count * rows.count * columns.count }
  }

  /// The steps that run as one from step `index` on: it and the layers right behind it that see their
  /// own voxel only.
  ///
  /// They are made of the rows that it has just made, so each part of the work goes on with them
  /// while its rows are in cache, and no worker waits for another in between.
  private func fused(from index: Int) -> Range<Int> {
    var end = index + 1
    while end < program.steps.count, program.steps[end].kernel == 1,
      depths[program.steps[end].output] == depths[program.steps[index].output]
    {
      end += 1
    }
    return index..<end
  }

  /// Visits all steps in their order, those that run as one together.
  ///
  /// - Parameters:
  ///   - region: What is to be made of a value; steps with different regions run apart.
  ///   - body: Takes steps and their region, which is not empty.
  func forEachPass(
    _ region: (_ value: Int) -> Region, _ body: (_ steps: Range<Int>, _ region: Region) -> Void
  ) {
    var next = 0
    while next < program.steps.count {
      let made = region(program.steps[next].output)
      let steps = fused(from: next).prefix { region(program.steps[$0].output) == made }
      if !made.isEmpty { body(steps, made) }
      next = steps.upperBound
    }
  }

  /// The parts of the network that some steps make, for profiles.
  func name(of steps: Range<Int>) -> String {
    steps.map { program.steps[$0].name }.joined(separator: " + ")
  }

  /// Computes a region of the results of some steps.
  ///
  /// - Parameters:
  ///   - steps: As ``forEachPass(_:_:)`` gives them.
  ///   - region: What to compute of each, in voxels of the volume.
  ///   - maps: Where the program's values are.
  ///   - scratch: One buffer per worker, whose kernel part has ``scratch(width:)`` floats.
  ///   - monitor: Counts the work and may cancel it.
  func run(
    _ steps: Range<Int>, region: Region, maps: ValueMaps, scratch: [WorkerScratch],
    monitor: UpsampleMonitor
  ) {
    monitor.step(.encode, name(of: steps), cost(of: steps, region)) {
      let pass = Pass(
        steps: steps, columns: region.columns, maps: maps, scratch: scratch, monitor: monitor)
      switch program.steps[steps.lowerBound].algorithm {
      case .direct: runRows(pass, region)
      case .winograd: runTiles(pass, region)
      }
    }
  }

  /// Rows of a plane that one item computes: enough to amortise reading the weights (which stay in
  /// L2 meanwhile), few enough for many items per layer.
  private static let rowsPerItem = 8

  /// Items into which a region of a step's result is cut for a number of workers; steps that run as
  /// one are cut like their first.
  func itemCount(
    _ step: EncoderProgram.Step, _ region: Region, depth: Int, volume: SIMD3<Int>, workers: Int
  ) -> Int {
    switch step.algorithm {
    case .direct:
      return Self.rowItems(region)
    case .winograd:
      return LayerTiles(region, depth: depth, volume: volume).items(workers: workers).count
    }
  }

  /// Items of a direct layer.
  static func rowItems(_ region: Region) -> Int {
    (region.rows.count + rowsPerItem - 1) / rowsPerItem * region.planes.count
  }

  /// The rows of one plane that an item of a direct layer computes.
  ///
  /// All planes of some rows follow each other, so that each NUMA node gets neighbouring rows of all
  /// planes, as it does of tiles: it reads what it wrote, but for the rows at its edges.
  static func rows(ofItem item: Int, of region: Region) -> (plane: Int, rows: Range<Int>) {
    let first = region.rows.lowerBound + item / region.planes.count * rowsPerItem
    return (
      region.planes.lowerBound + item % region.planes.count,
      first..<min(first + rowsPerItem, region.rows.upperBound)
    )
  }

  /// What the items of a call of ``run(_:region:maps:scratch:monitor:)`` share.
  private struct Pass: Sendable {
    let steps: Range<Int>
    let columns: Range<Int>
    let maps: ValueMaps
    let scratch: [WorkerScratch]
    let monitor: UpsampleMonitor

    /// The layers behind the first step.
    var following: Range<Int> { steps.dropFirst() }
  }

  /// Computes rows plane by plane.
  private func runRows(_ pass: Pass, _ region: Region) {
    pool.run(Self.rowItems(region)) { item, worker in
      guard !pass.monitor.isCancelled else { return }
      let (plane, rows) = Self.rows(ofItem: item, of: region)
      for index in pass.steps { compute(index, pass, plane: plane, rows: rows, worker: worker) }
    }
  }

  /// Computes whole tiles: those of one slab of the wavefront, whole bands.
  private func runTiles(_ pass: Pass, _ region: Region) {
    let index = pass.steps.lowerBound
    let layer = LayerTiles(
      region, depth: depths[program.steps[index].output], volume: pass.maps.volume)
    let items = layer.items(workers: pool.workerCount)
    pool.run(items.count) { item, worker in
      guard !pass.monitor.isCancelled else { return }
      let tiles = items.rows(item)
      convolve(index, pass, layer, tiles: tiles, worker: worker)
      let written = layer.written(tiles)
      for index in pass.following {
        for plane in written.planes {
          compute(index, pass, plane: plane, rows: written.rows, worker: worker)
        }
      }
    }
  }

  /// Applies a layer to some rows of a plane by the definition.
  private func compute(
    _ index: Int, _ pass: Pass, plane: Int, rows: Range<Int>, worker: Int
  ) {
    let step = program.steps[index]
    let written = RowBlock(planes: plane..<plane + 1, rows: rows)
    let node = pool.node(ofWorker: worker)
    pass.maps.withOperands(
      of: step, reading: written.expanded(by: step.reach), writing: written,
      column: pass.columns.lowerBound
    ) { operands in
      switch step.operation {
      case .convolution(let layer):
        convolve(
          index, layer, operands, pass, rowCount: rows.count, node: node,
          scratch: pass.scratch[worker].kernel.pointer)
      case .toOne(let layer):
        convolveToOne(index, layer, operands, pass, rowCount: rows.count, node: node)
      case .exponentialUnits:
        activate(index, operands, pass, rowCount: rows.count, node: node)
      }
    }
    pass.monitor.add(step.workPerVoxel * rows.count * pass.columns.count)
  }

  private func convolve(
    _ index: Int, _ layer: ConvolutionWeights, _ operands: ValueMaps.Operands, _ pass: Pass,
    rowCount: Int, node: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    let step = program.steps[index]
    let packed = weights[index]
    let arguments = ConvolutionArguments(
      inputs: operands.inputs, inputCount: step.inputs.count,
      weights: packed.weights(node: node), bias: packed.bias(node: node),
      output: operands.output, residual: operands.residual, rectified: step.rectified,
      width: pass.columns.count, rowCount: rowCount, scratch: scratch)
    switch layer.kernel {
    case 1 where step.precision == .bfloat16: kernels.convolve1x1x1Pairs(arguments)
    case 1: kernels.convolve1x1x1(arguments)
    case 3: kernels.convolve3x3x3(arguments)
    default: kernels.related.convolveCube(arguments, layer.kernel)
    }
  }

  private func convolveToOne(
    _ index: Int, _ layer: ConvolutionWeights, _ operands: ValueMaps.Operands, _ pass: Pass,
    rowCount: Int, node: Int
  ) {
    let packed = weights[index]
    kernels.related.convolveToOne(
      OneChannelArguments(
        inputs: operands.inputs, inputCount: program.steps[index].inputs.count,
        edge: layer.kernel, weights: packed.weights(node: node), bias: packed.bias(node: node)[0],
        rows: operands.output.rows, residual: operands.residual?.table, width: pass.columns.count,
        rowCount: rowCount))
  }

  private func activate(
    _ index: Int, _ operands: ValueMaps.Operands, _ pass: Pass, rowCount: Int, node: Int
  ) {
    let packed = weights[index]
    for row in 0..<rowCount {
      kernels.related.exponentialUnits(
        ExponentialUnitArguments(
          source: operands.inputs[0].table.row(plane: 0, row: row),
          target: operands.output.rows[row], voxels: pass.columns.count,
          channels: operands.output.voxelStride, scale: packed.weights(node: node),
          shift: packed.bias(node: node)))
    }
  }

  /// Applies a layer to some rows of tiles by Winograd's algorithm.
  private func convolve(
    _ index: Int, _ pass: Pass, _ layer: LayerTiles, tiles: Range<Int>, worker: Int
  ) {
    let step = program.steps[index]
    let packed = weights[index]
    let node = pool.node(ofWorker: worker)
    let convolve =
      step.precision == .bfloat16 ? kernels.convolveWinogradPairs : kernels.convolveWinograd
    let written = layer.written(tiles)
    pass.maps.withOperands(
      of: step, reading: layer.read(tiles), writing: written, column: pass.columns.lowerBound
    ) { operands in
      convolve(
        WinogradArguments(
          inputs: operands.inputs, inputCount: step.inputs.count,
          filters: packed.weights(node: node), bias: packed.bias(node: node),
          output: operands.output, residual: operands.residual, rectified: step.rectified,
          axes: layer.axes, tilesI: layer.tilesI, tilesJ: tiles, tileK: layer.tileK,
          scratch: pass.scratch[worker].kernel.pointer))
    }
    pass.monitor.add(step.workPerVoxel * written.count * pass.columns.count)
  }
}
