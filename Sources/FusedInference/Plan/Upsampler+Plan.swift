import KernelInterface
import Networks
import Volumes
import Workers

extension Upsampler {
  /// Query points decoded together: their activations, 3 x 256 floats each for the published
  /// decoder, stay in L2 beside the blended row.
  private static let plannedTile = 48

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
    let model = memoryModel(inputSize: inputSize, sampling: sampling, options: options, tile: tile)
    let cells = axes?.map(\.cells) ?? (0..<3).map { 0..<inputSize[$0] }
    let division = try division(
      of: cells, inputSize: inputSize, sampling: sampling, axes: axes, model: model,
      limit: options.memoryLimit ?? .max)
    let layers = layers(division.counts, of: cells, inputSize: inputSize, axes: axes)
    let blocks = layers.flatMap(\.blocks)
    return UpsamplePlan(
      inputSize: inputSize, sampling: sampling, blockCounts: division.counts, halo: encoder.halo,
      tile: tile, peakBytes: division.bytes,
      encoderOperations: blocks.reduce(0) {
        $0 + encoder.operations(size: $1.boxSize, needed: $1.neededRegion)
      },
      decoderOperations: decoderOperations(blocks, sampling: sampling, isFused: axes != nil),
      layers: layers, axes: axes, windowPlanes: division.windowPlanes)
  }

  private func division(
    of cells: [Range<Int>], inputSize: SIMD3<Int>, sampling: Sampling, axes: [AxisTable]?,
    model: MemoryModel, limit: Int
  ) throws(InferenceError) -> BlockDivision {
    let streamed = OutputWindow.plannedPlanes(sampling)
    guard let axes else {
      let bytes = model.bytes(
        BlockFootprint(box: inputSize, needed: inputSize, windowPlanes: streamed))
      guard bytes <= limit else { throw .memoryLimit(needed: bytes, limit: limit) }
      return BlockDivision(counts: SIMD3(1, 1, 1), windowPlanes: streamed, bytes: bytes)
    }
    let streams = OutputWindow.streams(sampling)
    let search = BlockSearch(
      volume: inputSize, cells: cells, halo: encoder.halo,
      outputPlanes: { streams ? axes[2].outputs(cells: $0).count : sampling.outputSize.z },
      streamedPlanes: streamed, bytes: model.bytes)
    switch search.find(limit: limit) {
    case .found(let division): return division
    case .tooSmall(let least): throw .memoryLimit(needed: least, limit: limit)
    }
  }

  /// The blocks of a division; those that make no output are left out.
  private func layers(
    _ counts: SIMD3<Int>, of cells: [Range<Int>], inputSize: SIMD3<Int>, axes: [AxisTable]?
  ) -> [BlockLayer] {
    func outputs(_ axis: Int, _ cells: Range<Int>) -> Range<Int> {
      axes?[axis].outputs(cells: cells) ?? cells
    }
    let parts = (0..<3).map { axis in
      Block.parts(cells[axis], count: counts[axis]).filter { !outputs(axis, $0).isEmpty }
    }
    return parts[2].map { planes in
      BlockLayer(
        outputs: outputs(2, planes),
        blocks: parts[1].flatMap { rows in
          parts[0].map {
            Block(cells: [$0, rows, planes], volume: inputSize, halo: encoder.halo)
          }
        })
    }
  }

  private func axisTables(
    _ sampling: Sampling, inputSize: SIMD3<Int>
  ) throws(InferenceError) -> [AxisTable]? {
    guard case .separable(let positions) = sampling else { return nil }
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

  private func decoderOperations(
    _ blocks: [Block], sampling: Sampling, isFused: Bool
  ) -> Int {
    let points = sampling.insideCount
    guard isFused else { return OperationCount.product(points, self.points.operationsPerPoint) }
    let voxels = blocks.reduce(0) { $0 + $1.neededSize.x * $1.neededSize.y * $1.neededSize.z }
    return OperationCount.product(points, decoder.weights.operationsPerPoint)
      + voxels * decoder.weights.operationsPerVoxel
  }

  private func memoryModel(
    inputSize: SIMD3<Int>, sampling: Sampling, options: Options, tile: Int
  ) -> MemoryModel {
    let isFused = if case .separable = sampling { true } else { false }
    return MemoryModel(
      volume: inputSize, baseVolumes: network.variants.residual == .none ? 0 : 1,
      weightBytes: weightBytes, maskBytes: options.output.mask?.byteCount ?? 0,
      encoderStride: encoder.schedule.peakVoxelStride(steps: encoder.program.steps.count),
      featureStride: encoder.program.voxelStride(encoder.program.result),
      preactivationStride: isFused ? 2 * decoder.weights.hidden : 0, workers: pool.workerCount,
      scratchFloats: { boxWidth, neededWidth in
        self.kernelFloats(
          boxWidth: boxWidth, neededWidth: neededWidth, tile: tile, isFused: isFused)
          + 2 * sampling.rowBox.x + 2 * self.decoder.weights.hidden
      },
      outputSize: sampling.outputSize)
  }

  private var weightBytes: Int {
    let packed = network.parameterCount + points.operationsPerPoint
    return MemoryLayout<Float>.size * (network.parameterCount + pool.nodeCount * packed)
  }

  /// Floats of scratch that the kernels need per worker.
  private func kernelFloats(
    boxWidth: Int, neededWidth: Int, tile: Int, isFused: Bool
  ) -> Int {
    max(
      encoder.scratch(width: boxWidth),
      isFused ? decoder.scratch(rowLength: neededWidth, tile: tile) : points.scratch(tile: tile))
  }

  /// The buffers of each worker for a plan.
  func scratch(_ plan: UpsamplePlan) throws(WorkersError) -> [WorkerScratch] {
    let kernelFloats = kernelFloats(
      boxWidth: plan.blocks.map(\.boxSize.x).max() ?? 0,
      neededWidth: plan.blocks.map(\.neededSize.x).max() ?? 0, tile: plan.tile,
      isFused: plan.axes != nil)
    return try WorkerScratch.forAll(
      pool, kernelFloats: kernelFloats, constants: 2 * decoder.weights.hidden,
      rowLength: plan.sampling.rowBox.x)
  }
}
