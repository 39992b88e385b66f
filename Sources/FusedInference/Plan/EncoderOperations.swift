/// Multiply-accumulates of an encoder, or of a related network, each at most 2^60 (`OperationCount`).
public struct EncoderOperations: Sendable, Equatable {
  /// As the definition counts them.
  public var defined = 0
  /// Those that are executed: Winograd's algorithm needs an eighth.
  public var executed = 0
  /// Those of direct algorithms that would take as long.
  public var work = 0

  /// Adds what a step does for some voxels.
  mutating func add(_ step: EncoderProgram.Step, voxels: Int) {
    self += EncoderOperations(
      defined: OperationCount.product(voxels, step.operationsPerVoxel),
      executed: OperationCount.product(voxels, step.productsPerVoxel),
      work: OperationCount.product(voxels, step.workPerVoxel))
  }

  static func += (total: inout EncoderOperations, more: EncoderOperations) {
    total.defined = OperationCount.sum(total.defined, more.defined)
    total.executed = OperationCount.sum(total.executed, more.executed)
    total.work = OperationCount.sum(total.work, more.work)
  }
}

extension EncoderRunner {
  /// What some blocks do.
  ///
  /// - Parameters:
  ///   - blocks: Of a plan.
  ///   - ranges: What is computed of every value along i, j, k; nil where a block has nothing to do.
  /// - Returns: The sum over the blocks.
  func operations(
    _ blocks: [Block], ranges: (Block) -> [ValueRanges]?
  ) -> EncoderOperations {
    blocks.reduce(into: EncoderOperations()) { sum, block in
      guard let ranges = ranges(block) else { return }
      for step in program.steps {
        sum.add(step, voxels: ranges.reduce(1) { $0 * $1.ranges[step.output].count })
      }
    }
  }
}
