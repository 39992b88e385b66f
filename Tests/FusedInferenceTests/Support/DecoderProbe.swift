import KernelInterface
import Networks
import Workers

@testable import FusedInference

/// Looks into the point decoder at one stage: runs the layers up to it and reads each unit through an
/// output layer that picks it.
struct DecoderProbe {
  private let layers: [Linear]
  /// Index of stage two's first layer among `layers`; beyond them where the probe ends before it.
  private let skipLayer: Int
  private let last: Linear
  private let isLastRectified: Bool
  private let inputs: Int

  /// Prepares the layers up to a stage.
  ///
  /// - Parameters:
  ///   - network: The network whose decoder is looked into.
  ///   - stage: A name of golden/arssr/points: `stage_one.N+relu`, `stage_two.N` (before
  ///     its ReLU) or `output`; nil for the stages that are no layer's result.
  init?(_ network: ArSSRNetwork, stage: String) {
    let one = network.decoder.stageOne
    let two = network.decoder.stageTwo
    inputs = one[0].inputs
    skipLayer = one.count
    if stage == "output" {
      layers = one + two.dropLast()
      last = two[two.count - 1]
      isLastRectified = network.variants.finalReLU
      return
    }
    let digits = stage.filter(\.isNumber)
    // Stage two's first layer reads x + h, which only a layer of the stack does; its units show in
    // the next layer's.
    guard let number = Int(digits), stage.hasPrefix("stage_"), stage != "stage_two.0" else {
      return nil
    }
    let all = stage.hasPrefix("stage_one") ? one : two
    let before = stage.hasPrefix("stage_one") ? [] : one
    layers = before + all[..<(number / 2)]
    last = all[number / 2]
    isLastRectified = stage.hasSuffix("+relu")
  }

  /// The stage's values, `[point][unit]`, for given decoder inputs `[point][R]`.
  func values(_ decoderInputs: [Float], kernels: KernelTable) throws -> [Float] {
    let pool = try WorkerPool(threads: 1)
    let stack = try PackedDenseStack(layers, kernels: kernels, pool: pool)
    let count = decoderInputs.count / inputs
    let features = try AlignedBuffer(decoderInputs)
    let taps = try AlignedBuffer((0..<count).flatMap { [Int](repeating: $0 * inputs, count: 8) })
    let tapWeights = try AlignedBuffer(
      (0..<count).flatMap { _ in [1] + [Float](repeating: 0, count: 7) })
    let none = try AlignedBuffer<Float>(count: 1)
    let output = try AlignedBuffer<Float>(count: count)
    let scratch = try AlignedBuffer<Float>(
      count: kernels.pointDecoderScratch(inputs, 0, max(stack.widest, 16), 16))
    var columns: [[Float]] = []
    for unit in 0..<last.outputs {
      let row = Array(last.weight[unit * last.inputs..<(unit + 1) * last.inputs])
      let picked = try PackedOutputLayer(
        Linear(weight: row, bias: [last.bias[unit]], inputs: last.inputs, outputs: 1),
        rectified: isLastRectified, pool: pool)
      // The buffers must outlive the call, which knows only their pointers.
      withExtendedLifetime((stack, features, taps, tapWeights, none, output, scratch, picked)) {
        kernels.decodePoints(
          PointDecoderArguments(
            features: features.pointer, channels: inputs, taps: taps.pointer,
            tapWeights: tapWeights.pointer, coordinates: none.pointer, coordinateCount: 0,
            count: count,
            stack: LayerStack(
              layers: stack.views[0].pointer, count: layers.count, skipLayer: skipLayer,
              outputLayer: picked.view(node: 0)),
            output: output.pointer, tile: 16, scratch: scratch.pointer))
      }
      columns.append(Array(output.elements))
    }
    return (0..<count).flatMap { point in columns.map { $0[point] } }
  }
}
