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
  private let packing: WeightPacking

  init(_ decoder: DecoderShape, _ layout: PackedLayout) throws(WorkersError) {
    self.decoder = decoder
    packing = WeightPacking(layout: layout)
    var forward: [AlignedBuffer<Float>] = []
    var turned: [AlignedBuffer<Float>] = []
    for index in 0..<decoder.layers.count - 1 {
      let layer = decoder.layers[index]
      let inputs = FeatureLayout.paddedChannels(Self.turnedOutputs(decoder, index))
      forward.append(try AlignedBuffer(count: layer.weightCount))
      turned.append(try AlignedBuffer(count: inputs * layer.outputs))
    }
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
      packing.pack(
        weights, paddedOutputs: layer.paddedOutputs, reduction: layer.inputs,
        into: forward[index].pointer)
      let outputs = Self.turnedOutputs(decoder, index)
      packing.packTransposed(
        [.init(first: weights, stride: layer.paddedOutputs, count: layer.outputs)],
        outputs: outputs, paddedOutputs: FeatureLayout.paddedChannels(outputs),
        reduction: layer.outputs, into: turned[index].pointer)
    }
  }
}
