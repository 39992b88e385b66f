import KernelInterface
import Workers

extension PackedWeights {
  /// Packs the weights of a step for the kernel that computes it.
  ///
  /// - Parameters:
  ///   - step: The layer and how it is computed.
  ///   - channels: Those of the step's operands.
  ///   - layout: The kernel's panels.
  ///   - pool: Shares the work; its nodes get a copy each.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  convenience init(
    _ step: EncoderProgram.Step, channels: [Int], layout: PackedLayout, pool: WorkerPool
  ) throws(WorkersError) {
    if let layer = step.weights {
      precondition(
        channels.reduce(0, +) == layer.inputs.count, "operands: \(channels) of \(layer.inputs)")
    }
    switch step.operation {
    case .convolution(let layer) where step.algorithm == .direct:
      try self.init(
        direct: layer, channels: channels, precision: step.precision, layout: layout, pool: pool)
    case .convolution(let layer):
      try self.init(
        transformed: layer, channels: channels, precision: step.precision, layout: layout,
        pool: pool)
    case .toOne(let layer):
      try self.init(toOne: layer, channels: channels, pool: pool)
    case .exponentialUnits(let units):
      try self.init(units, pool: pool)
    }
  }

  /// Packed order is `[operand][tap][channel]`, channels padded by zeros.
  private convenience init(
    toOne layer: ConvolutionWeights, channels: [Int], pool: WorkerPool
  ) throws(WorkersError) {
    var values: [Float] = []
    var first = layer.inputs.lowerBound
    for count in channels {
      for tap in 0..<layer.taps {
        values += (first..<first + count).map { layer.values[$0 * layer.taps + tap] }
        values += [Float](repeating: 0, count: FeatureLayout.paddedChannels(count) - count)
      }
      first += count
    }
    try self.init(values, bias: layer.bias, paddedOutputs: layer.outputs, pool: pool)
  }

  /// Scales in the place of weights and shifts in that of the bias, padded by zeros.
  private convenience init(_ units: ScaleAndShift, pool: WorkerPool) throws(WorkersError) {
    let padded = FeatureLayout.paddedChannels(units.channels)
    let padding = [Float](repeating: 0, count: padded - units.channels)
    try self.init(units.scale + padding, bias: units.shift, paddedOutputs: padded, pool: pool)
  }

  /// Packed order is `[operand][tap][channel]`; the checkpoint's is `[channel][tap]`.
  private convenience init(
    direct layer: ConvolutionWeights, channels: [Int], precision: Precision, layout: PackedLayout,
    pool: WorkerPool
  ) throws(WorkersError) {
    var columns: [Int?] = []
    columns.reserveCapacity(layer.reduction)
    var first = layer.inputs.lowerBound
    for count in channels {
      for tap in 0..<layer.taps {
        for channel in first..<first + count { columns.append(channel * layer.taps + tap) }
        // No pair holds values of two taps or operands.
        if precision == .bfloat16 && count % 2 == 1 { columns.append(nil) }
      }
      first += count
    }
    switch precision {
    case .float32:
      try self.init(
        matrix: layer.values, outputs: layer.outputs, reduction: columns.count,
        source: { columns[$0] ?? 0 }, bias: layer.hasBias ? layer.bias : nil, layout: layout,
        pool: pool)
    case .bfloat16:
      try self.init(
        pairsOf: layer.values, outputs: layer.outputs, pairs: columns.count / 2,
        source: { columns[$0] }, bias: layer.hasBias ? layer.bias : [], layout: layout, pool: pool)
    }
  }

  private convenience init(
    transformed layer: ConvolutionWeights, channels: [Int], precision: Precision,
    layout: PackedLayout, pool: WorkerPool
  ) throws(WorkersError) {
    let filters = WinogradFilters(
      layout: layout, operands: channels, outputs: layer.outputs, precision: precision)
    try self.init(
      count: filters.count, bias: layer.hasBias ? layer.bias : [],
      paddedOutputs: FeatureLayout.paddedChannels(layer.outputs), pool: pool
    ) { target in
      layer.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        // Each part writes its own outputs.
        nonisolated(unsafe) let (packed, taps) = (target, values)
        let first = layer.inputs.lowerBound
        pool.run(filters.parts) { part, _ in
          filters.pack(
            { taps + $0 * layer.rowLength + (first + $1) * layer.taps }, part: part, into: packed)
        }
      }
    }
  }
}
