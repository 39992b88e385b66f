import KernelInterface
import Workers

/// How many layers are computed in one way.
package struct LayerCount: Equatable, Sendable {
  /// The order of their arithmetic.
  package var algorithm: ConvolutionAlgorithm
  /// How what they multiply is stored.
  package var precision: Precision
  /// How many.
  package var layers: Int
}

/// The layers of a program with their weights packed for one instruction set.
final class EncoderRunner: Sendable {
  let program: EncoderProgram
  let kernels: KernelTable
  let pool: WorkerPool
  let weights: [PackedWeights]
  let depths: [Int]

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

  /// How many layers are computed in which way, most first.
  var layerCounts: [LayerCount] {
    var counts: [LayerCount] = []
    for step in program.steps where step.weights != nil {
      let index = counts.firstIndex {
        $0.algorithm == step.algorithm && $0.precision == step.precision
      }
      if let index {
        counts[index].layers += 1
      } else {
        counts.append(
          LayerCount(algorithm: step.algorithm, precision: step.precision, layers: 1))
      }
    }
    return counts.sorted { $0.layers > $1.layers }
  }

  /// Floats of the packed weights of one NUMA node.
  var weightFloats: Int { weights.reduce(0) { $0 + $1.count } }

  /// Floats of scratch that each worker needs for rows of `width` voxels.
  func scratch(width: Int) -> Int {
    program.steps.map { step in
      guard case .convolution(let weights) = step.operation else { return 0 }
      let outputs = FeatureLayout.paddedChannels(weights.outputs)
      switch step.algorithm {
      case .direct where step.precision == .bfloat16:
        let pairs = step.inputs.reduce(0) { $0 + (program.channels[$1] + 1) / 2 }
        return kernels.pairConvolutionScratch(width, pairs, outputs)
      case .direct: return kernels.convolutionScratch(width, outputs)
      case .winograd:
        let inputs = step.inputs.reduce(0) { $0 + program.voxelStride($1) }
        return step.precision == .bfloat16
          ? kernels.pairWinogradScratch(inputs, outputs) : kernels.winogradScratch(inputs, outputs)
      }
    }.max() ?? 0
  }

  /// What some steps do for a region.
  func cost(of steps: Range<Int>, _ region: Region) -> StepCost {
    steps.reduce(into: StepCost()) { $0 += cost(ofStep: $1, region) }
  }

  private func cost(ofStep index: Int, _ region: Region) -> StepCost {
    let step = program.steps[index]
    let voxels = region.voxelCount
    let operands = step.inputs + [step.output] + (step.summand.map { [$0.value] } ?? [])
    let floats = operands.reduce(0) { $0 + program.voxelStride($1) }
    return StepCost(
      operations: step.productsPerVoxel * voxels,
      directOperations: program.isPublished(step: index)
        ? step.operationsPerVoxel * voxels : 0,
      bytes: floats * voxels * MemoryLayout<Float>.size)
  }
}
