import KernelInterface
import Networks
import Workers

/// Packed weights and bias of one layer, once per NUMA node.
final class PackedWeights: @unchecked Sendable {
  // Written once in the initialiser, read by all workers afterwards.
  private let weights: [AlignedBuffer<Float>]
  private let biases: [AlignedBuffer<Float>]
  /// Outputs with their padding.
  let paddedOutputs: Int

  /// Packs rows of `matrix`, `[outputs][rowLength]`, for a kernel's layout.
  ///
  /// - Parameters:
  ///   - matrix: Row-major weights.
  ///   - outputs: Rows of the matrix.
  ///   - reduction: Products per output.
  ///   - source: The column of the matrix of each product, in the order of summation.
  ///   - bias: One value per output, or nil for zeros.
  ///   - layout: The kernel's panels.
  ///   - pool: Whose nodes get a copy each.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    matrix: [Float], outputs: Int, reduction: Int, source: (Int) -> Int, bias: [Float]?,
    layout: PackedLayout, pool: WorkerPool
  ) throws(WorkersError) {
    let padded = FeatureLayout.paddedChannels(outputs)
    paddedOutputs = padded
    var packed = [Float](repeating: 0, count: padded * reduction)
    packed.withUnsafeMutableBufferPointer { target in
      matrix.withUnsafeBufferPointer { rows in
        guard let target = target.baseAddress, let rows = rows.baseAddress else { return }
        layout.pack(
          rows, rowLength: matrix.count / outputs, outputs: outputs, paddedOutputs: padded,
          reduction: reduction, source: source, into: target)
      }
    }
    let paddedBias = (bias ?? []) + [Float](repeating: 0, count: padded - (bias?.count ?? 0))
    weights = try replicate(packed, pool: pool)
    biases = try replicate(paddedBias, pool: pool)
  }

  /// Takes values that are packed already.
  ///
  /// - Parameters:
  ///   - packed: The weights.
  ///   - bias: At most `paddedOutputs` values.
  ///   - paddedOutputs: Outputs with their padding.
  ///   - pool: Whose nodes get a copy each.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    _ packed: [Float], bias: [Float], paddedOutputs: Int, pool: WorkerPool
  ) throws(WorkersError) {
    self.paddedOutputs = paddedOutputs
    weights = try replicate(packed, pool: pool)
    biases = try replicate(
      bias + [Float](repeating: 0, count: paddedOutputs - bias.count), pool: pool)
  }

  /// Packs a fully connected layer as `DenseLayer` reads it.
  ///
  /// - Parameters:
  ///   - layer: Weights and bias.
  ///   - precision: How the weights are stored.
  ///   - layout: The kernel's panels.
  ///   - pool: Whose nodes get a copy each.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  convenience init(
    _ layer: Linear, precision: Precision, layout: PackedLayout, pool: WorkerPool
  ) throws(WorkersError) {
    let inputs = layer.inputs
    let leftOver = DenseLayer.leftOver(inputs: inputs, outputs: layer.outputs)
    let inPanels = layer.outputs - leftOver
    let padded = FeatureLayout.paddedChannels(inPanels)
    let steps = precision == .bfloat16 ? (inputs + 1) / 2 : inputs
    try self.init(
      count: (padded + leftOver) * steps, bias: layer.bias,
      paddedOutputs: FeatureLayout.paddedChannels(layer.outputs), pool: pool
    ) { packed in
      let rows = packed + padded * steps
      switch precision {
      case .float32:
        layout.pack(
          layer.weight, rowLength: inputs, outputs: inPanels, paddedOutputs: padded,
          reduction: inputs, source: { $0 }, into: packed)
        for index in 0..<leftOver * inputs { rows[index] = layer.weight[inPanels * inputs + index] }
      case .bfloat16:
        layout.packPairs(
          layer.weight, rowLength: inputs, outputs: inPanels, paddedOutputs: padded, pairs: steps,
          source: { $0 < inputs ? $0 : nil }, into: packed)
        // Where outputs are left over the number of inputs is even.
        for index in 0..<leftOver * steps {
          let first = inPanels * inputs + 2 * index
          rows[index] = BFloat16.pair(layer.weight[first], layer.weight[first + 1])
        }
      }
    }
  }

  /// Packs rows of `matrix`, `[outputs][rowLength]`, as pairs of bfloat16.
  ///
  /// - Parameters:
  ///   - matrix: Row-major weights.
  ///   - outputs: Rows of the matrix.
  ///   - pairs: Steps per output.
  ///   - source: The column of the matrix of each value of a pair, in the order of summation; nil: zero.
  ///   - bias: At most `outputs` values.
  ///   - layout: The kernel's panels.
  ///   - pool: Whose nodes get a copy each.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  convenience init(
    pairsOf matrix: [Float], outputs: Int, pairs: Int, source: (Int) -> Int?, bias: [Float],
    layout: PackedLayout, pool: WorkerPool
  ) throws(WorkersError) {
    let padded = FeatureLayout.paddedChannels(outputs)
    try self.init(count: padded * pairs, bias: bias, paddedOutputs: padded, pool: pool) {
      layout.packPairs(
        matrix, rowLength: matrix.count / outputs, outputs: outputs, paddedOutputs: padded,
        pairs: pairs, source: source, into: $0)
    }
  }

  /// Makes packed values in place, and copies them and a bias padded by zeros to every node.
  ///
  /// - Parameters:
  ///   - count: Floats of the packed weights.
  ///   - bias: At most `paddedOutputs` values.
  ///   - paddedOutputs: Outputs with their padding.
  ///   - pool: Whose nodes get a copy each.
  ///   - fill: Writes the packed weights; it may use the pool.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    count: Int, bias: [Float], paddedOutputs: Int, pool: WorkerPool,
    fill: (UnsafeMutablePointer<Float>) -> Void
  ) throws(WorkersError) {
    self.paddedOutputs = paddedOutputs
    let padding = [Float](repeating: 0, count: paddedOutputs - bias.count)
    biases = try replicate(bias + padding, pool: pool)
    var copies: [AlignedBuffer<Float>] = []
    for _ in 0..<pool.nodeCount { copies.append(try AlignedBuffer(count: count)) }
    let targets = copies
    // Written first by a worker of its node, whoever fills it afterwards.
    let floatsPerPage = 1024
    pool.runOnEachNode { node in
      for page in stride(from: 0, to: count, by: floatsPerPage) { targets[node].pointer[page] = 0 }
    }
    fill(targets[0].pointer)
    pool.runOnEachNode { node in
      if node > 0 { targets[node].pointer.update(from: targets[0].pointer, count: count) }
    }
    weights = copies
  }

  /// Floats of one node's weights.
  var count: Int { weights[0].count }

  /// The packed weights nearest to a node's cores.
  func weights(node: Int) -> UnsafePointer<Float> { UnsafePointer(weights[node].pointer) }
  /// The padded bias nearest to a node's cores.
  func bias(node: Int) -> UnsafePointer<Float> { UnsafePointer(biases[node].pointer) }
}

/// Copies `values` once per NUMA node, written first by a worker of that node.
func replicate(
  _ values: [Float], pool: WorkerPool
) throws(WorkersError) -> [AlignedBuffer<Float>] {
  var copies: [AlignedBuffer<Float>] = []
  for _ in 0..<pool.nodeCount { copies.append(try AlignedBuffer(count: values.count)) }
  let targets = copies
  pool.runOnEachNode { node in
    values.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      targets[node].pointer.update(from: source, count: values.count)
    }
  }
  return copies
}
