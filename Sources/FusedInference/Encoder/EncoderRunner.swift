import KernelInterface
import Workers

/// Runs an encoder on a box of the LR volume with one instruction set's kernels.
///
/// Weights are packed once; buffers exist only while ``encode(_:needed:monitor:)`` runs.
final class EncoderRunner: Sendable {
  let program: EncoderProgram
  let schedule: EncoderSchedule
  private let margins: [Int]
  private let weights: [PackedWeights]
  private let kernels: KernelTable
  private let pool: WorkerPool

  /// Rows of a plane that one item computes: enough to amortise reading the weights (which stay in
  /// L2 meanwhile), few enough for many items per layer.
  private static let rowsPerItem = 8

  init(
    program: EncoderProgram, kernels: KernelTable, pool: WorkerPool
  ) throws(WorkersError) {
    self.program = program
    schedule = EncoderSchedule(program)
    margins = program.margins
    self.kernels = kernels
    self.pool = pool
    var packed: [PackedWeights] = []
    for step in program.steps {
      packed.append(try Self.pack(step, program: program, kernels: kernels, pool: pool))
    }
    weights = packed
  }

  /// Receptive radius in LR voxels: the halo that makes a block exact.
  var halo: Int { margins[0] }

  /// Floats of scratch that each worker needs for rows of `width` voxels.
  func scratch(width: Int) -> Int {
    program.steps.map {
      kernels.convolutionScratch(width, FeatureLayout.paddedChannels($0.weights.outputs))
    }.max() ?? 0
  }

  /// Makes the feature map of `image`.
  ///
  /// - Parameters:
  ///   - image: Normalised intensities of a box of the LR volume, one float per voxel.
  ///   - needed: The rows and planes of the box whose features are wanted. Where the box ends
  ///     inside the volume, it reaches at least ``halo`` voxels beyond.
  ///   - scratch: One buffer per worker, whose kernel part has ``scratch(width:)`` floats.
  ///   - monitor: Counts the work and may cancel it.
  ///   - observe: Sees every layer's result while it exists.
  /// - Returns: The feature map of the box; outside `needed` its content has no meaning, and
  ///   nowhere if the monitor was cancelled.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  func encode(
    _ image: FeatureMap, needed: PlaneRegion, scratch: [WorkerScratch],
    monitor: UpsampleMonitor, observe: ((EncoderProgram.Step, FeatureMap) -> Void)? = nil
  ) throws(WorkersError) -> FeatureMap {
    var maps = [FeatureMap?](repeating: nil, count: schedule.slots.count)
    for (index, step) in program.steps.enumerated() {
      for (slot, description) in schedule.slots.enumerated()
      where description.life.lowerBound == index {
        maps[slot] = try FeatureMap(size: image.size, voxelStride: description.voxelStride)
      }
      let region = needed.expanded(by: margins[step.output], within: image.size)
      run(step, index, image: image, maps: maps, region: region, scratch: scratch, monitor)
      if let observe, let slot = schedule.slotOfValue[step.output], let map = maps[slot] {
        observe(step, map)
      }
      for (slot, description) in schedule.slots.enumerated()
      where description.life.upperBound == index {
        maps[slot] = nil
      }
    }
    guard let slot = schedule.slotOfValue[program.result], let features = maps[slot] else {
      preconditionFailure("the last step of an encoder makes its feature map")
    }
    return features
  }

  /// Multiply-accumulates for the features of `needed` in a box of `size`.
  func operations(size: SIMD3<Int>, needed: PlaneRegion) -> Int {
    program.steps.reduce(0) { sum, step in
      let region = needed.expanded(by: margins[step.output], within: size)
      return sum + step.weights.operationsPerVoxel * region.voxels(width: size.x)
    }
  }

  private func run(
    _ step: EncoderProgram.Step, _ index: Int, image: FeatureMap, maps: [FeatureMap?],
    region: PlaneRegion, scratch: [WorkerScratch], _ monitor: UpsampleMonitor
  ) {
    func map(_ value: Int) -> FeatureMap {
      guard value != 0 else { return image }
      guard let slot = schedule.slotOfValue[value], let map = maps[slot] else {
        preconditionFailure("value \(value) of the encoder is read while it has no buffer")
      }
      return map
    }
    let inputs = step.inputs.map { map($0).input(channels: program.channels[$0]) }
    let residual = step.summand.map { map($0.value).residual(isBroadcast: $0.isBroadcast) }
    let output = map(step.output).output
    let packed = weights[index]
    let width = image.size.x
    let convolve =
      step.weights.kernel == 3 ? kernels.convolve3x3x3 : kernels.convolve1x1x1
    let chunks = (region.rows.count + Self.rowsPerItem - 1) / Self.rowsPerItem

    inputs.withUnsafeBufferPointer { inputs in
      guard let inputs = inputs.baseAddress else { return }
      pool.run(chunks * region.planes.count) { item, worker in
        guard !monitor.isCancelled else { return }
        let plane = region.planes.lowerBound + item / chunks
        let firstRow = region.rows.lowerBound + item % chunks * Self.rowsPerItem
        let rows = firstRow..<min(firstRow + Self.rowsPerItem, region.rows.upperBound)
        let node = pool.node(ofWorker: worker)
        convolve(
          ConvolutionArguments(
            inputs: inputs, inputCount: step.inputs.count, weights: packed.weights(node: node),
            bias: packed.bias(node: node), output: output, residual: residual,
            rectified: step.rectified, width: width, rows: rows, planes: plane..<plane + 1,
            scratch: scratch[worker].kernel.pointer))
        monitor.add(step.weights.operationsPerVoxel * rows.count * width)
      }
    }
  }

  private static func pack(
    _ step: EncoderProgram.Step, program: EncoderProgram, kernels: KernelTable, pool: WorkerPool
  ) throws(WorkersError) -> PackedWeights {
    let layer = step.weights
    // Packed order is [operand][tap][channel]; the checkpoint's is [channel][tap].
    var columns: [Int] = []
    columns.reserveCapacity(layer.reduction)
    var first = layer.inputs.lowerBound
    for input in step.inputs {
      let count = program.channels[input]
      for tap in 0..<layer.taps {
        for channel in first..<first + count { columns.append(channel * layer.taps + tap) }
      }
      first += count
    }
    precondition(first == layer.inputs.upperBound, "operands: \(first) of \(layer.inputs)")
    return try PackedWeights(
      matrix: layer.values, outputs: layer.outputs, reduction: columns.count,
      source: { columns[$0] }, bias: layer.hasBias ? layer.bias : nil, layout: kernels.layout,
      pool: pool)
  }
}
