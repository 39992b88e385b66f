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
    let input = ContinuedInput(
      margin: network.variants.margin, inputSize: inputSize, sampling: sampling)
    let axes = try axisTables(input)
    let blur = try use(of: options.blur, sampling: sampling)
    let model = memoryModel(input, blur: blur, options: options, tile: tile)
    let limit = options.memoryLimit ?? .max
    let division =
      if let axes {
        try division(axes, input, model: model, limit: limit)
      } else {
        try wholeVolume(input, model: model, limit: limit)
      }
    let layers = layers(division, size: input.size, axes: axes)
    return UpsamplePlan(
      inputSize: inputSize, sampling: sampling, blur: blur, blockCounts: division.counts,
      halo: network.halo, rowsPerStep: division.bandsPerStep.map { $0 * RowStore.bandRows },
      tile: tile, windowPlanes: division.windowPlanes, peakBytes: division.bytes,
      encoder: encoder.operations(layers.flatMap(\.blocks), ranges: \.shape.ranges),
      decoderOperations: OperationCount.product(
        sampling.insideCount,
        axes == nil ? points.operationsPerPoint : decoder.weights.operationsPerPoint),
      continuation: input, layers: layers, axes: axes)
  }

  private func division(
    _ axes: [AxisTable], _ input: ContinuedInput, model: MemoryModel, limit: Int
  ) throws(InferenceError) -> BlockDivision {
    let streams = OutputWindow.streams(input.sampling)
    let search = BlockSearch(
      program: encoder.program, volume: input.size, cells: axes.map(\.cells),
      outputPlanesPerSlab: axes[2].mostOutputs(cellsAtOnce: RowStore.slabPlanes),
      outputPlanes: { streams ? axes[2].outputs(cells: $0).count : input.sampling.outputSize.z },
      streams: streams, bytes: model.bytes)
    switch search.find(limit: limit) {
    case .found(let division): return division
    case .tooSmall(let least):
      throw .memoryLimit(needed: least + model.held.variation, limit: limit)
    }
  }

  /// Points are gathered anywhere: all features are held.
  private func wholeVolume(
    _ input: ContinuedInput, model: MemoryModel, limit: Int
  ) throws(InferenceError) -> BlockDivision {
    let window = OutputWindow.plannedPlanes(input.sampling)
    let shape = WavefrontShape(
      encoder.program, target: encoder.program.features,
      ranges: ValueRanges.allAxes(
        encoder.program, target: encoder.program.features,
        cells: (0..<3).map { 0..<input.size[$0] }, volume: input.size),
      bandsPerStep: nil)
    let bytes = model.bytes(shape, windowPlanes: window)
    guard bytes <= limit else {
      throw .memoryLimit(needed: bytes + model.held.variation, limit: limit)
    }
    return BlockDivision(
      counts: SIMD3(1, 1, 1), bandsPerStep: nil, windowPlanes: window, bytes: bytes)
  }

  /// The blocks of a division.
  private func layers(
    _ division: BlockDivision, size: SIMD3<Int>, axes: [AxisTable]?
  ) -> [BlockLayer] {
    BlockLayer.layers(
      division, program: encoder.program,
      target: axes == nil ? encoder.program.features : encoder.program.result,
      cells: (0..<3).map { axes?[$0].cells ?? 0..<size[$0] }, volume: size
    ) { axis, cells in axes?[axis].outputs(cells: cells) ?? cells }
  }

  private func axisTables(_ input: ContinuedInput) throws(InferenceError) -> [AxisTable]? {
    guard let positions = input.sampling.separable else { return nil }
    do {
      var tables: [AxisTable] = []
      for axis in 0..<3 {
        tables.append(
          try AxisTable(positions.axes[axis], size: input.size[axis], variants: network.variants))
      }
      return tables
    } catch {
      throw .allocation(error)
    }
  }

  private func memoryModel(
    _ input: ContinuedInput, blur: BlurUse, options: Options, tile: Int
  ) -> MemoryModel {
    let sampling = input.sampling
    let isFused = sampling.separable != nil
    let rowCount = isFused ? RowDecoder.mostRows : 1
    return MemoryModel(
      volume: input.size,
      otherVolumes: (network.variants.residual == .none ? 0 : 1)
        + (blur.dividesOut || network.variants.margin > 0 ? 1 : 0),
      weightBytes: weightBytes, maskBytes: options.output.mask?.byteCount ?? 0,
      workers: pool.workerCount,
      scratchFloats: { width in
        self.kernelFloats(width: width, tile: tile, isFused: isFused)
          + (rowCount + 1) * sampling.rowBox.x + rowCount * 2 * self.decoder.weights.hidden
      },
      outputSize: sampling.outputSize, held: options.held,
      keepsBackground: isFused && options.output.background == .keep)
  }

  var weightBytes: Int {
    // The decoder's layers are packed for rows and for scattered points.
    let packed =
      encoder.weightFloats + network.decoder.parameterCount + points.operationsPerPoint
    return weightBytesBeside
      + MemoryLayout<Float>.size * (network.parameterCount + pool.nodeCount * packed)
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
