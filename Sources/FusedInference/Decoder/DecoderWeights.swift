import KernelInterface
import Networks
import Workers

/// The decoder in the form that the fused row kernel reads, once per NUMA node.
///
/// With `x = [f, c, q]` (features, coordinates, condition) and the first layers `W1`, `V1` of both
/// stages, interpolation `I` being linear and alike for all channels,
///
///     W1 I(x) + b1 = I(W1f f) + W1c c + W1q q + b1
///     V1 (x + h) + d1 = I(V1f f) + V1c c + V1q q + d1 + V1 h
///
/// so `P = W1f f` and `Q = V1f f` are computed at LR resolution, without bias (which zero padding
/// would scale) and without coordinates. `x + h` never exists.
final class DecoderWeights: @unchecked Sendable {
  /// Width of the pre-activations of one stage, padded.
  let hidden: Int
  /// Widest layer output, padded.
  let widest: Int
  /// `[P | Q]`, a 1x1x1 convolution with `2 * hidden` outputs from the feature channels.
  let firstLayers: Convolution
  /// `2 * hidden` values each: the columns of the first layers for the coordinates along k, j, i.
  let columnK: AlignedBuffer<Float>
  let columnJ: AlignedBuffer<Float>
  let columnI: AlignedBuffer<Float>
  /// Multiply-accumulates per HR voxel, first layers excluded.
  let operationsPerPoint: Int
  /// Multiply-accumulates per HR voxel as published, with nothing done at LR resolution.
  let directOperationsPerPoint: Int

  private let skipLayer: Int
  // Packed matrices are written once in the initialiser and only read afterwards; the views hold
  // pointers into them and live exactly as long.
  private let packed: [PackedWeights]
  private let output: PackedOutputLayer
  private let views: [AlignedBuffer<DenseLayer>]
  private let firstBias: [Float]
  private let conditionColumn: [Float]?

  init(
    _ network: ArSSRNetwork, order: UnitOrder, precision: Precision, kernels: KernelTable,
    pool: WorkerPool
  ) throws(WorkersError) {
    let decoder = network.decoder
    let features = network.featureChannels
    let layers = order.layers(of: decoder, keepsSum: false)
    let one = layers[0]
    let two = order.skipLayer(of: decoder)
    hidden = FeatureLayout.paddedChannels(one.outputs)
    let width = hidden

    /// `[one's value per output | two's]`, each padded to `hidden`.
    func pair(_ value: (Linear, Int) -> Float) -> [Float] {
      var values = [Float](repeating: 0, count: 2 * width)
      for output in 0..<one.outputs {
        values[output] = value(one, output)
        values[width + output] = value(two, output)
      }
      return values
    }
    func column(_ index: Int) -> [Float] { pair { $0.weight[$1 * $0.inputs + index] } }
    firstBias = pair { $0.bias[$1] }
    columnK = try AlignedBuffer(column(features))
    columnJ = try AlignedBuffer(column(features + 1))
    columnI = try AlignedBuffer(column(features + 2))
    conditionColumn = one.inputs > features + 3 ? column(features + 3) : nil

    var matrix = [Float](repeating: 0, count: 2 * width * features)
    for feature in 0..<features {
      for (output, value) in column(feature).enumerated() {
        matrix[output * features + feature] = value
      }
    }
    firstLayers = Convolution(
      weight: matrix, bias: [Float](repeating: 0, count: 2 * width), inputs: features,
      outputs: 2 * width, kernel: 1)

    let inner = Array(layers.dropFirst())
    skipLayer = decoder.stageOne.count - 1
    let stack = try PackedDenseStack(inner, precision: precision, kernels: kernels, pool: pool)
    packed = stack.packed
    views = stack.views
    widest = max(width, stack.widest)
    output = try PackedOutputLayer(
      decoder.stageTwo[decoder.depth - 1], rectified: network.variants.finalReLU, pool: pool)

    directOperationsPerPoint = decoder.operationsPerVoxel
    operationsPerPoint =
      inner.reduce(0) { $0 + $1.inputs * $1.outputs } + decoder.stageTwo[decoder.depth - 1].inputs
  }

  /// The layers after the first pre-activation, as a node's workers read them; the views' owner is
  /// this object.
  func stack(node: Int, unitCounts: UnsafeMutablePointer<UnitCount>) -> LayerStack {
    LayerStack(
      layers: UnsafePointer(views[node].pointer), count: views[node].count, skipLayer: skipLayer,
      outputLayer: output.view(node: node), unitCounts: unitCounts)
  }

  /// Biases of the first layers with what does not change over the volume.
  ///
  /// - Parameter condition: The value of the decoder's condition input, if it has one.
  /// - Returns: `2 * hidden` values, stage one's first.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  func constants(condition: Double) throws(WorkersError) -> AlignedBuffer<Float> {
    guard let conditionColumn else { return try AlignedBuffer(firstBias) }
    return try AlignedBuffer(zip(firstBias, conditionColumn).map { $0 + Float(condition) * $1 })
  }
}
