import KernelInterface
import Workers

/// The weights of a decoder's layers but the last, forward and turned, packed anew for every step.
///
/// `@unchecked Sendable`: `pack` writes each buffer by one worker; everything else reads.
final class TrainingDecoderWeights: @unchecked Sendable {
  /// One per layer but the last.
  let forward: [AlignedBuffer<Float>]
  /// One per layer but the last, from gradients of its outputs to those of its inputs; the first
  /// layer's makes features only, nobody needs the gradient of a coordinate.
  let turned: [AlignedBuffer<Float>]

  private let decoder: DecoderShape
  private let precision: Precision
  private let packing: WeightPacking
  private let table: KernelTable
  /// Per layer, floats before they become pairs.
  private let between: [AlignedBuffer<Float>]

  init(
    _ decoder: DecoderShape, _ precision: Precision, _ table: KernelTable
  ) throws(WorkersError) {
    self.decoder = decoder
    self.precision = precision
    self.table = table
    packing = WeightPacking(layout: table.layout)
    var between: [AlignedBuffer<Float>] = []
    var forward: [AlignedBuffer<Float>] = []
    var turned: [AlignedBuffer<Float>] = []
    for index in 0..<decoder.layers.count - 1 {
      let layer = decoder.layers[index]
      let inputs = FeatureLayout.paddedChannels(Self.turnedOutputs(decoder, index))
      forward.append(try AlignedBuffer(count: layer.weightCount))
      turned.append(try AlignedBuffer(count: inputs * layer.outputs))
      between.append(
        try AlignedBuffer(
          count: precision == .bfloat16 ? max(layer.weightCount, inputs * layer.outputs) : 0))
    }
    self.between = between
    self.forward = forward
    self.turned = turned
  }

  /// Inputs of a layer whose gradients are needed.
  static func turnedOutputs(_ decoder: DecoderShape, _ index: Int) -> Int {
    index == 0 ? decoder.features : decoder.layers[index].inputs
  }

  /// Packs all weights.
  func pack(_ parameters: UnsafePointer<Float>, _ pool: WorkerPool) {
    pool.run(forward.count) { index, _ in
      let layer = decoder.layers[index]
      let weights = parameters + layer.weights
      let outputs = Self.turnedOutputs(decoder, index)
      let between = precision == .bfloat16 ? between[index] : nil
      packing.pack(
        weights, paddedOutputs: layer.paddedOutputs, reduction: layer.inputs,
        into: (between ?? forward[index]).pointer)
      pair(between, outputs: layer.paddedOutputs, reduction: layer.inputs, into: forward[index])
      let paddedInputs = FeatureLayout.paddedChannels(outputs)
      packing.packTransposed(
        [.init(first: weights, stride: layer.paddedOutputs, count: layer.outputs)],
        outputs: outputs, paddedOutputs: paddedInputs, reduction: layer.outputs,
        into: (between ?? turned[index]).pointer)
      pair(between, outputs: paddedInputs, reduction: layer.outputs, into: turned[index])
    }
  }

  /// Makes pairs of packed weights, where there are any: panel by panel.
  private func pair(
    _ packed: AlignedBuffer<Float>?, outputs: Int, reduction: Int, into pairs: AlignedBuffer<Float>
  ) {
    guard let packed else { return }
    var channel = 0
    while channel < outputs {
      let width = table.layout.width(ofPanelAt: channel, channels: outputs)
      table.training.pairRows(
        PairRowsArguments(
          rows: packed.pointer + channel * reduction, stride: width, count: reduction,
          length: width, pairs: pairs.pointer + channel * ((reduction + 1) / 2)))
      channel += width
    }
  }
}
