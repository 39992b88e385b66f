import KernelInterface
import Networks
import Volumes
import Workers

extension RelatedUpsampler {
  /// Chooses blocks for a volume.
  ///
  /// - Parameters:
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - sampling: Where the output voxels lie in it; see the class.
  ///   - options: Those that the run will get; tile and blur have no meaning.
  /// - Returns: The plan, for any number of volumes of that size.
  /// - Throws: ``InferenceError/memoryLimit(needed:limit:)`` with the least that works, or
  ///   ``InferenceError/allocation(_:)``.
  public func plan(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Upsampler.Options
  ) throws(InferenceError) -> RelatedPlan {
    if let side = options.separateTile {
      return try tilePlan(side: side, inputSize: inputSize, sampling: sampling, options: options)
    }
    let map = CellMap(padding: network.edgePadding, factor: network.fixedFactor ?? 1)
    let grid = network.fixedFactor == nil ? sampling.outputSize : inputSize
    precondition(
      sampling.outputSize == grid &* SIMD3(repeating: map.factor),
      "\(sampling.outputSize) from \(grid)")
    let volume = grid &+ SIMD3(repeating: 2 * map.padding)
    let cells = (0..<3).map { map.cells(count: grid[$0]) }
    let model = memoryModel(inputSize: inputSize, sampling: sampling, options: options)
    let search = BlockSearch(
      program: runner.program, volume: volume, cells: cells, above: 0,
      outputPlanesPerSlab: min(map.factor * RowStore.slabPlanes, sampling.outputSize.z),
      outputPlanes: { map.outputs($0).count }, streams: true, bytes: model.bytes)
    let division: BlockDivision
    switch search.find(limit: options.memoryLimit ?? .max) {
    case .found(let found): division = found
    case .tooSmall(let least):
      throw .memoryLimit(
        needed: least + model.held.variation, limit: options.memoryLimit ?? .max)
    }
    let layers = BlockLayer.layers(
      division, program: runner.program, target: runner.program.result, cells: cells, above: 0,
      volume: volume
    ) { map.outputs($1) }
    return try plan(
      division, layers, halo: network.reach, volume: volume, cells: map, inputSize: inputSize,
      sampling: sampling)
  }

  /// The plan of blocks that were chosen.
  func plan(
    _ division: BlockDivision, _ layers: [BlockLayer], halo: Int, volume: SIMD3<Int>,
    cells: CellMap, separateTile: Int? = nil, inputSize: SIMD3<Int>, sampling: Sampling
  ) throws(InferenceError) -> RelatedPlan {
    return RelatedPlan(
      inputSize: inputSize, sampling: sampling, blockCounts: division.counts, halo: halo,
      rowsPerStep: division.bandsPerStep.map { $0 * RowStore.bandRows },
      windowPlanes: division.windowPlanes, peakBytes: division.bytes,
      operations: runner.operations(layers.flatMap(\.blocks), ranges: \.shape.ranges),
      volume: volume, cells: cells, separateTile: separateTile, layers: layers,
      axes: try axisTables(sampling, inputSize: inputSize))
  }

  private func axisTables(
    _ sampling: Sampling, inputSize: SIMD3<Int>
  ) throws(InferenceError) -> [AxisTable] {
    guard let positions = sampling.separable, OutputWindow.streams(sampling) else {
      preconditionFailure("the axes of the result run along those of the input")
    }
    do {
      var tables: [AxisTable] = []
      for axis in 0..<3 {
        tables.append(
          try AxisTable(
            positions.axes[axis], size: inputSize[axis], variants: ArSSRVariants()))
      }
      return tables
    } catch {
      throw .allocation(error)
    }
  }

  func memoryModel(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Upsampler.Options
  ) -> MemoryModel {
    let size = sampling.outputSize
    let guideBytes = network.images == 2 ? MemoryLayout<Float>.size * size.x * size.y * size.z : 0
    return MemoryModel(
      volume: inputSize, otherVolumes: network.fixedFactor == nil ? 1 : 0,
      weightBytes: weightBytes,
      maskBytes: (options.output.mask?.byteCount ?? 0) + guideBytes, workers: pool.workerCount,
      scratchFloats: { width in
        // Two rows of the result, and two of the interpolation.
        self.runner.scratch(width: width) + 4 * sampling.rowBox.x
      },
      outputSize: size, held: options.held,
      keepsBackground: options.output.background == .keep)
  }

  private var weightBytes: Int {
    // Kernels of the other order were turned, so that the tensors of the file are there as well.
    let copies = network.kernelAxes == .xyz ? 2 : 1
    return MemoryLayout<Float>.size
      * (copies * network.parameterCount + pool.nodeCount * runner.weightFloats)
  }

  /// The buffers of each worker for a plan.
  func scratch(_ plan: RelatedPlan) throws(WorkersError) -> [WorkerScratch] {
    let widths = plan.layers.flatMap(\.blocks).flatMap { $0.shape.ranges[0].ranges.map(\.count) }
    return try WorkerScratch.forAll(
      pool, kernelFloats: runner.scratch(width: widths.max() ?? 0), constants: 0, rowCount: 1,
      rowLength: plan.sampling.rowBox.x, layers: 0)
  }

  // MARK: - What there is to compute

  /// Counts what a plan computes of a volume.
  ///
  /// - Parameters:
  ///   - plan: From ``plan(inputSize:sampling:options:)`` of this object.
  ///   - voxels: The input, i fastest; `plan.inputSize` voxels.
  ///   - settings: Those of the run.
  /// - Returns: The counts of a run, all of them the encoder's.
  public func work(
    _ plan: RelatedPlan, voxels: [Float], settings: OutputSettings
  ) -> UpsampleWork {
    work(plan, kept: keptOutputs(plan, voxels: voxels, settings: settings))
  }

  func work(_ plan: RelatedPlan, kept: KeptOutputs?) -> UpsampleWork {
    UpsampleWork(
      background: kept?.background,
      encoder: runner.operations(plan.layers.flatMap(\.blocks)) {
        computedRanges($0, plan, kept: kept)
      },
      decoderOperations: 0)
  }

  /// The outputs that are computed although the volume has a background; nil: all.
  func keptOutputs(
    _ plan: RelatedPlan, voxels: [Float], settings: OutputSettings
  ) -> KeptOutputs? {
    guard settings.background == .keep, let background = Background(voxels, size: plan.inputSize)
    else { return nil }
    return KeptOutputs(
      background, voxels: voxels, size: plan.inputSize, axes: plan.axes, pool: pool)
  }

  /// What the kept cells of a block need of every value along i, j, k; nil where it has none.
  func computedRanges(
    _ block: Block, _ plan: RelatedPlan, kept: KeptOutputs?
  ) -> [ValueRanges]? {
    guard let bounds = kept?.cells.bounds else { return block.shape.ranges }
    let cells = (0..<3).map { axis in
      let (own, first) = (block.cells[axis], block.origin[axis])
      return plan.cells.cells(plan.axes[axis].outputs(cells: bounds[axis]))
        .clamped(to: first + own.lowerBound..<first + own.upperBound)
    }
    if cells.contains(where: \.isEmpty) { return nil }
    if plan.separateTile != nil { return block.shape.ranges }
    return ValueRanges.allAxes(
      runner.program, target: block.shape.target, cells: cells, above: 0, volume: plan.volume)
  }
}
