import KernelInterface
import Networks
import Volumes
import Workers

extension Upsampler {
  /// Query points decoded together.
  ///
  /// Their activations, 3 x 256 floats each for the published decoder, stay in L2 beside the blended
  /// voxels; and it is a multiple of a register tile's rows for groups of 1, 2, 4, 8 and 16 rows.
  public static let plannedTile = 96

  /// Chooses blocks and tiles for a volume.
  ///
  /// - Parameters:
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - sampling: Where the output voxels lie in it.
  ///   - options: Those that the run will get.
  /// - Returns: The plan, for any number of volumes of that size.
  /// - Throws: ``InferenceError/memoryLimit(needed:limit:)`` with the least that works, or
  ///   ``InferenceError/allocation(_:)``.
  public func plan(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Options
  ) throws(InferenceError) -> UpsamplePlan {
    let tile = options.tile ?? Self.plannedTile
    precondition(tile >= 1, "tile: \(tile)")
    let axes = try axisTables(sampling, inputSize: inputSize)
    let blur = try use(of: options.blur, sampling: sampling)
    let model = memoryModel(
      inputSize: inputSize, sampling: sampling, blur: blur, options: options, tile: tile)
    let limit = options.memoryLimit ?? .max
    let division =
      if let axes {
        try division(axes, inputSize: inputSize, sampling: sampling, model: model, limit: limit)
      } else {
        try wholeVolume(inputSize: inputSize, sampling: sampling, model: model, limit: limit)
      }
    let layers = layers(division, inputSize: inputSize, axes: axes)
    return UpsamplePlan(
      inputSize: inputSize, sampling: sampling, blur: blur, blockCounts: division.counts,
      halo: network.halo, rowsPerStep: division.bandsPerStep.map { $0 * RowStore.bandRows },
      tile: tile, windowPlanes: division.windowPlanes, peakBytes: division.bytes,
      encoder: encoder.operations(layers.flatMap(\.blocks), ranges: \.shape.ranges),
      decoderOperations: OperationCount.product(
        sampling.insideCount,
        axes == nil ? points.operationsPerPoint : decoder.weights.operationsPerPoint),
      layers: layers, axes: axes)
  }

  private func division(
    _ axes: [AxisTable], inputSize: SIMD3<Int>, sampling: Sampling, model: MemoryModel, limit: Int
  ) throws(InferenceError) -> BlockDivision {
    let streams = OutputWindow.streams(sampling)
    let search = BlockSearch(
      program: encoder.program, volume: inputSize, cells: axes.map(\.cells),
      outputPlanesPerSlab: axes[2].mostOutputs(cellsAtOnce: RowStore.slabPlanes),
      outputPlanes: { streams ? axes[2].outputs(cells: $0).count : sampling.outputSize.z },
      streams: streams, bytes: model.bytes)
    switch search.find(limit: limit) {
    case .found(let division): return division
    case .tooSmall(let least):
      throw .memoryLimit(needed: least + model.held.variation, limit: limit)
    }
  }

  /// Points are gathered anywhere: all features are held.
  private func wholeVolume(
    inputSize: SIMD3<Int>, sampling: Sampling, model: MemoryModel, limit: Int
  ) throws(InferenceError) -> BlockDivision {
    let window = OutputWindow.plannedPlanes(sampling)
    let shape = shape(
      cells: (0..<3).map { 0..<inputSize[$0] }, inputSize: inputSize, bandsPerStep: nil,
      target: encoder.program.features)
    let bytes = model.bytes(shape, windowPlanes: window)
    guard bytes <= limit else {
      throw .memoryLimit(needed: bytes + model.held.variation, limit: limit)
    }
    return BlockDivision(
      counts: SIMD3(1, 1, 1), bandsPerStep: nil, windowPlanes: window, bytes: bytes)
  }

  private func shape(
    cells: [Range<Int>], inputSize: SIMD3<Int>, bandsPerStep: Int?, target: Int
  ) -> WavefrontShape {
    WavefrontShape(
      encoder.program, target: target,
      ranges: ValueRanges.allAxes(
        encoder.program, target: target, cells: cells, volume: inputSize),
      bandsPerStep: bandsPerStep)
  }

  /// The blocks of a division.
  private func layers(
    _ division: BlockDivision, inputSize: SIMD3<Int>, axes: [AxisTable]?
  ) -> [BlockLayer] {
    BlockLayer.layers(
      division, program: encoder.program,
      target: axes == nil ? encoder.program.features : encoder.program.result,
      cells: (0..<3).map { axes?[$0].cells ?? 0..<inputSize[$0] }, volume: inputSize
    ) { axis, cells in axes?[axis].outputs(cells: cells) ?? cells }
  }

  private func axisTables(
    _ sampling: Sampling, inputSize: SIMD3<Int>
  ) throws(InferenceError) -> [AxisTable]? {
    guard let positions = sampling.separable else { return nil }
    do {
      var tables: [AxisTable] = []
      for axis in 0..<3 {
        tables.append(
          try AxisTable(positions.axes[axis], size: inputSize[axis], variants: network.variants))
      }
      return tables
    } catch {
      throw .allocation(error)
    }
  }

  private func memoryModel(
    inputSize: SIMD3<Int>, sampling: Sampling, blur: BlurUse, options: Options, tile: Int
  ) -> MemoryModel {
    let isFused = sampling.separable != nil
    let rowCount = isFused ? RowDecoder.mostRows : 1
    return MemoryModel(
      volume: inputSize,
      otherVolumes: (network.variants.residual == .none ? 0 : 1) + (blur.dividesOut ? 1 : 0),
      weightBytes: weightBytes, maskBytes: options.output.mask?.byteCount ?? 0,
      workers: pool.workerCount,
      scratchFloats: { width in
        self.kernelFloats(width: width, tile: tile, isFused: isFused)
          + (rowCount + 1) * sampling.rowBox.x + rowCount * 2 * self.decoder.weights.hidden
      },
      outputSize: sampling.outputSize, held: options.held,
      listsBackground: isFused && options.output.background == .keep)
  }

  private var weightBytes: Int {
    // The decoder's layers are packed for rows and for scattered points.
    let packed =
      encoder.weightFloats + network.decoder.parameterCount + points.operationsPerPoint
    return MemoryLayout<Float>.size * (network.parameterCount + pool.nodeCount * packed)
  }

  /// Floats of scratch that the kernels need per worker.
  private func kernelFloats(
    width: Int, tile: Int, isFused: Bool
  ) -> Int {
    max(
      encoder.scratch(width: width),
      isFused ? decoder.scratch(tile: tile) : points.scratch(tile: tile))
  }

  /// The buffers of each worker for a plan.
  func scratch(_ plan: UpsamplePlan) throws(WorkersError) -> [WorkerScratch] {
    let blocks = plan.layers.flatMap(\.blocks)
    let kernelFloats = kernelFloats(
      width: blocks.flatMap { $0.shape.ranges[0].ranges.map(\.count) }.max() ?? 0, tile: plan.tile,
      isFused: plan.axes != nil)
    return try WorkerScratch.forAll(
      pool, kernelFloats: kernelFloats, constants: 2 * decoder.weights.hidden,
      rowCount: plan.axes == nil ? 1 : RowDecoder.mostRows, rowLength: plan.sampling.rowBox.x,
      layers: points.layerCount)
  }
}
