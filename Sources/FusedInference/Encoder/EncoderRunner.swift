import KernelInterface
import Workers

/// The layers of a program with their weights packed for one instruction set.
final class EncoderRunner: Sendable {
  let program: EncoderProgram
  let kernels: KernelTable
  let pool: WorkerPool
  private let weights: [PackedWeights]

  /// Rows of a plane that one item computes: enough to amortise reading the weights (which stay in
  /// L2 meanwhile), few enough for many items per layer.
  private static let rowsPerItem = 8

  init(
    program: EncoderProgram, kernels: KernelTable, pool: WorkerPool
  ) throws(WorkersError) {
    self.program = program
    self.kernels = kernels
    self.pool = pool
    var packed: [PackedWeights] = []
    for step in program.steps {
      packed.append(try Self.pack(step, program: program, kernels: kernels, pool: pool))
    }
    weights = packed
  }

  /// Floats of scratch that each worker needs for rows of `width` voxels.
  func scratch(width: Int) -> Int {
    program.steps.map {
      kernels.convolutionScratch(width, FeatureLayout.paddedChannels($0.weights.outputs))
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
    let step = program.steps[index]
    let packed = weights[index]
    let convolve = step.weights.kernel == 3 ? kernels.convolve3x3x3 : kernels.convolve1x1x1
    let chunks = (region.rows.count + Self.rowsPerItem - 1) / Self.rowsPerItem
    monitor.step(.encode, step.name, cost(ofStep: index, region)) {
      pool.run(chunks * region.planes.count) { item, worker in
        guard !monitor.isCancelled else { return }
        let plane = region.planes.lowerBound + item / chunks
        let firstRow = region.rows.lowerBound + item % chunks * Self.rowsPerItem
        let rows = firstRow..<min(firstRow + Self.rowsPerItem, region.rows.upperBound)
        let node = pool.node(ofWorker: worker)
        maps.withOperands(of: step, plane: plane, rows: rows, columns: region.columns) { operands in
          convolve(
            ConvolutionArguments(
              inputs: operands.inputs, inputCount: step.inputs.count,
              weights: packed.weights(node: node), bias: packed.bias(node: node),
              output: operands.output, residual: operands.residual, rectified: step.rectified,
              width: region.columns.count, rowCount: rows.count,
              scratch: scratch[worker].kernel.pointer))
        }
        monitor.add(step.weights.operationsPerVoxel * rows.count * region.columns.count)
      }
    }
  }

  private func cost(ofStep index: Int, _ region: Region) -> StepCost {
    let step = program.steps[index]
    let voxels = region.planes.count * region.rows.count * region.columns.count
    let operands = step.inputs + [step.output] + (step.summand.map { [$0.value] } ?? [])
    let floats = operands.reduce(0) { $0 + program.voxelStride($1) }
    let operations = step.weights.operationsPerVoxel * voxels
    return StepCost(
      operations: operations,
      directOperations: program.isPublished(step: index) ? operations : 0,
      bytes: floats * voxels * MemoryLayout<Float>.size)
  }

  /// Multiply-accumulates for a block.
  func operations(_ shape: WavefrontShape) -> Int {
    program.steps.reduce(0) { sum, step in
      let voxels = shape.ranges.reduce(1) { $0 * $1.ranges[step.output].count }
      return sum + voxels * step.weights.operationsPerVoxel
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
